const SENTENCES: Record<string, { forStranger: boolean; text: string }> = {
  'logged-out': { forStranger: true, text: 'You are logged out. This browser shows nothing of yours any more.' },
  'not-forgotten': {
    forStranger: false,
    text: 'We could not erase everything just now. If your list is still below, please try again in a minute.',
  },
}

/**
 * The fixed sentence for `?notice=<code>`. The address bar is anybody's to write, and stays when things change: an
 * unknown code says nothing, and so does one that cannot be true of who is asking.
 */
export function Notice({ code, isStranger }: { code: string | string[] | undefined; isStranger: boolean }) {
  const notice = typeof code === 'string' && Object.hasOwn(SENTENCES, code) ? SENTENCES[code] : undefined
  return notice?.forStranger === isStranger ? (
    <p role="status" className="notice">
      {notice.text}
    </p>
  ) : null
}
