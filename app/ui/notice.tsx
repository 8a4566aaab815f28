const SENTENCES: Record<string, string> = {
  'logged-out': 'You are logged out. This browser shows nothing of yours any more.',
  'not-forgotten': 'We could not erase your list just now: it is still there. Please try again in a minute.',
}

/** The fixed sentence for `?notice=<code>`. An unknown code says nothing: the address bar is anybody's to write. */
export function Notice({ code }: { code: string | string[] | undefined }) {
  const sentence = typeof code === 'string' && Object.hasOwn(SENTENCES, code) ? SENTENCES[code] : null
  return sentence ? (
    <p role="status" className="notice">
      {sentence}
    </p>
  ) : null
}
