'use client'

import { useRouter } from 'next/navigation'
import { useEffect, useRef, useState, useTransition } from 'react'

/**
 * Says so when the browser keeps no cookie. Without script the redirect after the first like tells; with script its
 * page comes with the answer, whether or not the cookie was kept, so the page is asked for once more.
 */
export function CookieCheck({ isStranger, wasLost }: { isStranger: boolean; wasLost: boolean }) {
  const router = useRouter()
  const [isChecking, startChecking] = useTransition()
  const phase = useRef(isStranger ? 'stranger' : 'kept')
  const [isLost, setLost] = useState(wasLost)

  useEffect(() => {
    if (!navigator.cookieEnabled) setLost(true)
  }, [])

  useEffect(() => {
    if (phase.current === 'stranger' && !isStranger) {
      phase.current = 'checking'
      startChecking(() => router.refresh())
    } else if (phase.current === 'checking' && isStranger) {
      phase.current = 'stranger'
      setLost(true)
    } else if (phase.current === 'checking' && !isChecking) {
      phase.current = 'kept'
      setLost(false)
    }
  }, [isStranger, isChecking, router])

  return isLost ? (
    <p role="alert" className="notice">
      Your browser keeps no cookie for this site, so your likes cannot be kept, and an address that you leave cannot be
      shown. Allow cookies here, then try again.
    </p>
  ) : null
}
