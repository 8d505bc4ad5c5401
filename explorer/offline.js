// The sandbox page runs this after Apollo's script, which needs the internet.
if (!window.EmbeddedSandbox) location.replace('/explorer');
