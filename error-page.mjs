/**
 * The page for an answer that failed. Next's own is empty until a script fills it, says 500 for whatever happened, and
 * cannot be given another status; this one reads without script, and says 503 while the database is away.
 */
import { createHash } from 'node:crypto'

const STYLE = `
  :root { color-scheme: light dark }
  * { box-sizing: border-box }
  body { margin: 0 auto; max-width: 42rem; min-height: 100dvh; padding: 0 1rem; display: flex;
    flex-direction: column; font: 1.0625rem/1.55 system-ui, sans-serif;
    background: light-dark(#fbfaf7, #171514); color: light-dark(#211d1a, #f2ede6) }
  h1 { margin: 0 0 1.5rem; letter-spacing: -0.012em; font: 600 clamp(2rem, 1.4rem + 2.6vw, 3rem)/1.15
    "Iowan Old Style", "Palatino Linotype", Palatino, "URW Palladio L", P052, Georgia, serif }
  a { color: light-dark(#b3264c, #ff8aa6); text-underline-offset: 0.2em }
  header { display: flex; align-items: center; min-height: 4.375rem; padding: 1rem 0 }
  header a { display: inline-flex; align-items: center; gap: 0.5rem; color: inherit; text-decoration: none;
    font: 600 1.3125rem/1 "Iowan Old Style", "Palatino Linotype", Palatino, "URW Palladio L", P052, Georgia, serif }
  header rect { fill: light-dark(#b3264c, #ff8aa6) }
  header path { fill: light-dark(#ffffff, #2a0812) }
  main { flex: 1; max-width: 27rem; padding: 2rem 0 4rem }
  footer { padding: 1.5rem 0; border-top: 1px solid light-dark(#e4dfd7, #38332f); font-size: 0.875rem }
  footer a { color: light-dark(#665e57, #b0a69c) }
`
const CSP = `default-src 'none'; style-src 'sha256-${createHash('sha256').update(STYLE).digest('base64')}'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'`

const AWAY = {
  status: 503,
  title: 'Back in a moment.',
  text: 'We cannot reach our database just now. Your likes are safe; please try again in a minute.',
}
const OUTDATED = {
  status: 409,
  title: 'This page has changed.',
  text: 'It was made anew while you had it open, so what you sent was not saved. Open it again, then send it once more.',
}
const FAILED = {
  status: 500,
  title: 'That did not work.',
  text: 'The fault is ours. What you sent was not saved as far as we know; what you had is still there.',
}

/**
 * Replaces the answer if it turns out to be a failure and for a person: status 500, or Next's 409 to a form of an
 * earlier build, as a page, as plain text or as nothing at all. What our own script asked for it understands by itself.
 * @param {import('node:http').IncomingMessage} request
 * @param {import('node:http').ServerResponse} response
 * @param {() => Promise<boolean>} wasAway Whether it failed for want of the database.
 */
export function mendFailure({ headers }, response, wasAway) {
  if (headers['next-action'] || headers.rsc) return
  const { writeHead, write, end } = response
  let isFailure = false
  response.writeHead = (status, ...rest) => {
    isFailure =
      [409, 500].includes(status) && /^text\/(html|plain)|^$/.test(String(response.getHeader('content-type') ?? ''))
    if (!isFailure) return writeHead.call(response, status, ...rest)
    response.statusCode = status
    return response
  }
  response.write = (...args) => {
    if (!response.headersSent && !isFailure) response.writeHead(response.statusCode)
    if (!isFailure) return write.apply(response, args)
    args.findLast((argument) => typeof argument === 'function')?.()
    return true
  }
  response.end = (...args) => {
    if (!response.headersSent && !isFailure) response.writeHead(response.statusCode)
    if (!isFailure) return end.apply(response, args)
    Object.assign(response, { writeHead, write, end })
    if (response.statusCode === 409) send(response, OUTDATED)
    else wasAway().then((isAway) => send(response, isAway ? AWAY : FAILED))
    return response
  }
}

function send(response, { status, title, text }) {
  for (const name of ['content-encoding', 'content-length', 'transfer-encoding', 'etag', 'link', 'set-cookie'])
    response.removeHeader(name)
  response.writeHead(status, {
    'content-type': 'text/html; charset=utf-8',
    'content-security-policy': CSP,
    'cache-control': 'no-store',
    ...(status === 503 && { 'retry-after': '30' }),
  })
  response.end(`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title} · Likes</title>
<style>${STYLE}</style>
</head>
<body>
<header><a href="/"><svg viewBox="0 0 32 32" width="26" height="26" aria-hidden="true"><rect width="32" height="32" rx="9"/><path d="M16 24.2 8.6 16.9a4.7 4.7 0 0 1 6.7-6.6l.7.7.7-.7a4.7 4.7 0 0 1 6.7 6.6Z"/></svg> Likes</a></header>
<main>
<h1>${title}</h1>
<p>${text}</p>
<p><a href="/">Try again</a></p>
</main>
<footer><a href="/privacy">What we keep, and how to erase it</a></footer>
</body>
</html>
`)
}
