import { readFileSync } from 'node:fs';

/** The keys and commands that the page on deployment gives a gateway, as words of an ACL rule. */
export function documentedRights({ inCluster }: { readonly inCluster: boolean }): readonly string[] {
  const page = readFileSync('docs/deployment.md', 'utf8');
  const [, rights] = /ACL SETUSER gateway on >PASSWORD (.*)/.exec(page) ?? [];
  const [, clusterRights] = /and `(\+cluster[^`]*)` in a cluster/.exec(page) ?? [];
  if (!rights || !clusterRights) throw new Error('docs/deployment.md shows no ACL rule');
  return [...rights.split(' '), ...(inCluster ? clusterRights.split(' ') : [])];
}
