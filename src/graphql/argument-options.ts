/** Descriptions of the arguments that several look-ups share. */
export const idArgument = { description: 'A Vonage id, or the global `id` of a record.' };
export const productArgument = {
  nullable: true,
  description: 'The product to look in. Without one the gateway searches, which may cost several calls.',
};
export const directionArgument = {
  nullable: true,
  description:
    'Only for SMS, MESSAGES, VOICE_CALL, VOICE_FAILED and ASR. Without it SMS and MESSAGES are looked in twice.',
};
export const accountArgument = {
  nullable: true,
  description: "The account, or subaccount, whose records to look in. Default: the gateway's own.",
};
