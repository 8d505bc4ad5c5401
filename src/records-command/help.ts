/** What `--help` prints; it fits one screen. */
export const help = `Looks up Vonage usage records by id, or lists those of a window of time.

  vonage-records 15000000E1F8B123 7b109636-1a05-11eb-bad9-38f9d3316493
  vonage-records --in ids.csv --column message_id --product SMS --direction outbound --out found.csv
  vonage-records --in - --fields vonageId,vonageStatus,totalPrice,to < ids.txt
  vonage-records --since 2026-11-01 --until 2026-11-02 --product SMS --direction outbound --out day.csv

Where ids come from
  ID …               ids on the command line
  --in FILE          a file with ids between blanks, commas or line breaks; - reads standard input
  --column NAME      the file is CSV, and this column holds the ids
  --since --until    no ids: a window of time instead; a day (UTC) or a time such as 2026-11-01T08:00:00Z
What to ask
  --product NAME     such as SMS, VOICE-CALL; without it every product is searched, which takes more calls
  --direction NAME   inbound or outbound
  --account ID       default: the account of the gateway
What to write
  --format NAME      table (default on a terminal), jsonl (default in a pipe) or csv (default for *.csv)
  --fields A,B       names of schema fields, such as vonageStatus,totalPrice,to,raw
  --out FILE         written as FILE.part until it is complete
  --not-found FILE   the ids that Vonage does not have, one a line
  --raw              keep CSV cells that begin with = + - @, which spreadsheets take for formulas
What it may cost
  --dry-run          tell ids, calls and seconds, and ask Vonage nothing
  --max-records N    stop before more than N records are billed
  --resume FILE      go on with FILE, the .part of an interrupted run
Whom to ask
  --url URL          a running gateway; without it the gateway runs in this process with the same VONAGE_* settings
  --token-file FILE  the token for that gateway; RECORDS_TOKEN in the environment works, too
  --quiet            no progress      --help   --version

Exit status: 0 all found, 1 some not found, 2 some failed, 3 stopped by a limit, 64 wrong usage, 130 interrupted.
`;
