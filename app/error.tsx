'use client'

/** Something failed that nobody expected. Nothing was reported as done, so trying again is safe. */
export default function ErrorPage({ retry }: { retry: () => void }) {
  return (
    <main id="content">
      <div className="narrow">
        <h1>That did not work.</h1>
        <p>The fault is ours, and what you had is still there. Please try again in a minute.</p>
        <button type="button" onClick={() => retry()}>
          Try again
        </button>
      </div>
    </main>
  )
}
