'use client'

import { useEffect, useState } from 'react'

/** Without a network no form is sent, so that what was typed stays; and the page says so until the network is back. */
export function OfflineGuard() {
  const [isOffline, setOffline] = useState(false)

  useEffect(() => {
    const look = () => setOffline(!navigator.onLine)
    function keep(event: Event) {
      if (navigator.onLine) return
      event.preventDefault()
      // Before React, which listens further in.
      event.stopImmediatePropagation()
      look()
    }
    look()
    window.addEventListener('online', look)
    window.addEventListener('offline', look)
    window.addEventListener('submit', keep, { capture: true })
    return () => {
      window.removeEventListener('online', look)
      window.removeEventListener('offline', look)
      window.removeEventListener('submit', keep, { capture: true })
    }
  }, [])

  return (
    <div role="status" className="offline">
      {isOffline && <p className="notice">You are offline, so nothing can be sent. What you typed stays here.</p>}
    </div>
  )
}
