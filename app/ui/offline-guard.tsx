'use client'

import { useEffect, useState } from 'react'

/**
 * Where the site cannot be reached no form is sent, so that what was typed stays; and the page says so until it can. A
 * browser that calls itself offline may still reach a site on its own machine, so the site is asked.
 */
export function OfflineGuard() {
  const [isOffline, setOffline] = useState(false)

  useEffect(() => {
    let isPassing = false
    const look = async () => setOffline(!(await isReachable()))
    async function keep(event: SubmitEvent) {
      if (navigator.onLine || isPassing) return
      event.preventDefault()
      // Before React, which listens further in.
      event.stopImmediatePropagation()
      const { target: form, submitter } = event
      if (!(await isReachable())) return setOffline(true)
      isPassing = true
      if (form instanceof HTMLFormElement) form.requestSubmit(submitter)
      isPassing = false
    }
    if (!navigator.onLine) look()
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

async function isReachable() {
  return navigator.onLine || (await fetch('/health/live').catch(() => null))?.ok === true
}
