/** An answer, before the headers that every answer gets. */
export interface Reply {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** A JSON answer, ended by a line end for those who read it in a shell. */
export function json(status: number, value: object, headers: Readonly<Record<string, string>> = {}): Reply {
  return {
    status,
    headers: { 'content-type': 'application/json; charset=utf-8', ...headers },
    body: `${JSON.stringify(value)}\n`,
  };
}

/** Sends the browser to another page with GET. */
export function seeOther(location: string): Reply {
  return { status: 303, headers: { location }, body: '' };
}
