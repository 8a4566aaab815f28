'use client'

import { type ClipboardEvent, type KeyboardEvent, type ReactNode, useEffect, useRef, useState } from 'react'
import { Alert } from './field'

type Props = {
  /** What stands there at first: what was refused, or typed before a log-in came between. */
  text: string | undefined
  error: string | undefined
  /** Whether it takes the place of another one, in which somebody typed. */
  isNext: boolean
  /** The button beside it. */
  children: ReactNode
}

/** The field for a thing. Where several lines are pasted it becomes a field for several, one a line. */
export function LikeField({ text, error, isNext, children }: Props) {
  const [lines, setLines] = useState<string | null>(isMany(text) ? text : null)
  const row = useRef<HTMLDivElement>(null)

  useEffect(() => {
    if (!isNext && lines === null) return
    const field = row.current?.querySelector<HTMLInputElement | HTMLTextAreaElement>('#thing')
    field?.focus()
    field?.setSelectionRange(field.value.length, field.value.length)
  }, [isNext, lines])

  function paste(event: ClipboardEvent<HTMLInputElement>) {
    const pasted = event.clipboardData.getData('text/plain')
    if (!isMany(pasted)) return
    event.preventDefault()
    const { value, selectionStart, selectionEnd } = event.currentTarget
    setLines(value.slice(0, selectionStart ?? 0) + pasted.trim() + value.slice(selectionEnd ?? 0))
  }

  function sendByKeyboard(event: KeyboardEvent<HTMLTextAreaElement>) {
    if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) event.currentTarget.form?.requestSubmit()
  }

  const shared = {
    id: 'thing',
    name: 'thing',
    autoComplete: 'off',
    'aria-invalid': error ? true : undefined,
    'aria-describedby': [lines !== null && 'thing-hint', error && 'thing-error'].filter(Boolean).join(' ') || undefined,
  } as const
  return (
    <>
      <label htmlFor="thing">I like</label>
      <div className="like-row" ref={row}>
        {lines !== null ? (
          <textarea
            {...shared}
            defaultValue={lines}
            rows={Math.min(lines.split('\n').length + 1, 12)}
            onKeyDown={sendByKeyboard}
          />
        ) : (
          <input {...shared} type="text" enterKeyHint="done" defaultValue={text} onPaste={paste} />
        )}
        {children}
      </div>
      {lines !== null && (
        <p id="thing-hint" className="quiet">
          One thing a line.
        </p>
      )}
      <Alert id="thing-error" error={error} />
    </>
  )
}

/** Whether there are several lines, each with something in it. */
export function isMany(text: string | undefined): text is string {
  return text !== undefined && /[\r\n]/.test(text.trim())
}
