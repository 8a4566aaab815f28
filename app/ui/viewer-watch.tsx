'use client'

import { useRouter } from 'next/navigation'
import { useEffect, useState, useTransition } from 'react'

/** Of this tab, from page to page: whom it showed last, and whether it asked again by itself who is there. */
const tab = { mark: '', isAsking: false }

type Props = {
  /** For whom the page was made: see `markOf` in lib/viewer.ts. */
  mark: string
  username: string | null
  /** Whether to notice by itself; a form that is for whoever sends it stays as it is. */
  isListening: boolean
}

/**
 * Notices when this browser is somebody else's since the page was made: a log-out in another tab, a log-in, a session
 * ended from another device. The page is then made anew, and says what happened.
 */
export function ViewerWatch({ mark, username, isListening }: Props) {
  const router = useRouter()
  const [isAsking, startAsking] = useTransition()
  const [words, setWords] = useState<string | null>(null)

  useEffect(() => {
    if (tab.isAsking && tab.mark !== mark) setWords(whatHappened(tab.mark, username))
    tab.mark = mark
  }, [mark, username])

  useEffect(() => {
    if (!isAsking) tab.isAsking = false
  }, [isAsking])

  useEffect(() => {
    function ask() {
      if (tab.isAsking || document.visibilityState === 'hidden' || !navigator.onLine) return
      tab.isAsking = true
      startAsking(() => router.refresh())
    }
    function askWhenRestored(event: PageTransitionEvent) {
      if (event.persisted) ask()
    }
    const others = new BroadcastChannel('viewer')
    others.postMessage(mark)
    if (!isListening) return () => others.close()
    others.onmessage = ({ data }) => {
      if (data !== mark) ask()
    }
    window.addEventListener('focus', ask)
    window.addEventListener('pageshow', askWhenRestored)
    document.addEventListener('visibilitychange', ask)
    return () => {
      others.close()
      window.removeEventListener('focus', ask)
      window.removeEventListener('pageshow', askWhenRestored)
      document.removeEventListener('visibilitychange', ask)
    }
  }, [mark, isListening, router])

  return <div role="status">{words && <p className="notice">{words}</p>}</div>
}

function whatHappened(before: string, username: string | null) {
  if (username) return `You are logged in as ${username} now.`
  if (before.startsWith('member')) return 'You are not logged in any more.'
  return before.startsWith('visitor') ? 'The list that was here is no longer in this browser.' : null
}
