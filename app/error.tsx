'use client'

import { Logo } from './ui/logo'

/** Something failed that nobody expected. Nothing was reported as done, so trying again is safe. */
export default function ErrorPage({ retry }: { retry: () => void }) {
  return (
    <>
      <header className="site-header">
        <a href="/" className="home-link">
          <Logo /> Likes
        </a>
      </header>
      <main id="content">
        <div className="narrow" role="alert">
          <h1>That did not work.</h1>
          <p>The fault is ours, and what you had is still there. Please try again in a minute.</p>
          <button type="button" onClick={() => retry()}>
            Try again
          </button>
          <p className="after">
            <a href="/">Back to your list</a>
          </p>
        </div>
      </main>
      <footer className="site-footer">
        <a href="/privacy">What we keep, and how to erase it</a>
      </footer>
    </>
  )
}
