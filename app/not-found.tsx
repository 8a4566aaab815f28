import type { Metadata } from 'next'
import Link from 'next/link'
import { PageFrame } from './ui/page-frame'

export const metadata: Metadata = { title: 'Not here' }

export default function NotFound() {
  return (
    <PageFrame>
      <div className="narrow">
        <h1>There is nothing here.</h1>
        <p>The address may have been mistyped, or what was here is gone.</p>
        <p>
          <Link href="/">Back to your list</Link>
        </p>
      </div>
    </PageFrame>
  )
}
