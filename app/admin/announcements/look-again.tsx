'use client'

import { useRouter } from 'next/navigation'
import { useEffect } from 'react'

const EVERY_MS = 2000
/** Looking is use: a page that nobody watches must not keep admin mode alive for longer than this. */
const TIMES = 150

/** Makes the page anew while something is under way; without script, a link does. */
export function LookAgain() {
  const router = useRouter()
  useEffect(() => {
    let times = 0
    const timer = setInterval(() => {
      times++
      if (times > TIMES) clearInterval(timer)
      else if (document.visibilityState === 'visible') router.refresh()
    }, EVERY_MS)
    return () => clearInterval(timer)
  }, [router])
  return (
    <noscript>
      <p>
        <a href="?">Look again</a>
      </p>
    </noscript>
  )
}
