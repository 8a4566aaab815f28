/**
 * Keeps what a server of the journeys was asked, what it answered and what it wrote to its two outputs, for
 * leak.spec.ts. NODE_OPTIONS brings it into every Node process of a run; it does something in the server alone, and
 * changes nothing of what that does.
 */
import { createHash, randomUUID } from 'node:crypto'
import { subscribe } from 'node:diagnostics_channel'
import fs from 'node:fs'
import { basename, join } from 'node:path'
import { isMainThread } from 'node:worker_threads'

const { openSync, writeSync } = fs
/** In bytes, of what is asked: the door refuses more. */
const BODY_AT_MOST = 64 * 1024

if (process.env.E2E_FOLDER && isMainThread && basename(process.argv[1] ?? '') === 'server.mjs') {
  record(join(process.env.E2E_FOLDER, 'recorded'))
}

function record(folder) {
  fs.mkdirSync(folder, { recursive: true })
  const name = join(folder, randomUUID())
  const [index, bodies, output] = ['jsonl', 'bodies', 'output'].map((end) => openSync(`${name}.${end}`, 'a'))
  const { DATABASE_URL, PORT, ADMIN_PASSWORD, METRICS_TOKEN, PASSWORD_PEPPER } = process.env
  // At once, and not when there is time: some of these processes are killed.
  const note = (line) => writeSync(index, `${JSON.stringify(line)}\n`)
  note({ databaseUrl: DATABASE_URL, port: PORT, secrets: { ADMIN_PASSWORD, METRICS_TOKEN, PASSWORD_PEPPER } })
  recordOutput((chunk) => writeSync(output, chunk))
  const keep = keeper(bodies)
  subscribe('http.server.request.start', ({ request, response }) => {
    const { method, url, headers } = request
    const asked = wrap(request, ['push'], BODY_AT_MOST)
    const answered = wrap(response, ['write', 'end'])
    response.once('close', () => {
      const of = { method, url, cookie: headers.cookie, type: headers['content-type'], asked: keep(asked()) }
      // Private to Node, and the only place where all headers of all ways to give them are.
      note({ ...of, status: response.statusCode, head: response._header ?? '', answered: keep(answered()) })
    })
  })
}

/** Notes what goes through these methods of a stream. @returns what did so far, up to `atMost` bytes and a piece. */
function wrap(stream, methods, atMost = Infinity) {
  const pieces = []
  let size = 0
  for (const name of methods) {
    const method = stream[name]
    stream[name] = (chunk, encoding, ...rest) => {
      if (chunk && typeof chunk !== 'function' && size < atMost) {
        pieces.push(asBuffer(chunk, encoding))
        size += chunk.length
      }
      return method.call(stream, chunk, encoding, ...rest)
    }
  }
  return () => Buffer.concat(pieces)
}

/** Appends bodies to a file, the same one once. @returns where each is: offset and length. */
function keeper(file) {
  const places = new Map()
  let end = 0
  return (body) => {
    const hash = createHash('sha1').update(body).digest('base64')
    let place = places.get(hash)
    if (!place) {
      writeSync(file, body)
      place = [end, body.length]
      places.set(hash, place)
      end += body.length
    }
    return place
  }
}

/** What is written to stdout and stderr: by console through their streams, by pino past them. */
function recordOutput(keep) {
  for (const stream of [process.stdout, process.stderr]) {
    const { write } = stream
    stream.write = (chunk, ...rest) => {
      keep(chunk)
      return write.call(stream, chunk, ...rest)
    }
  }
  fs.writeSync = (fd, chunk, ...rest) => {
    if (fd === 1 || fd === 2) keep(chunk)
    return writeSync(fd, chunk, ...rest)
  }
}

function asBuffer(chunk, encoding) {
  return typeof chunk === 'string' ? Buffer.from(chunk, typeof encoding === 'string' ? encoding : 'utf8') : chunk
}
