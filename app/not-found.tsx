import type { Metadata } from 'next'
import Link from 'next/link'
import { SiteFrame } from './ui/site-frame'

export const metadata: Metadata = { title: 'Not here' }

/** Next renders this beside every page, in case it is needed: so it asks nothing, not even who is there. */
export default function NotFound() {
  return (
    <SiteFrame>
      <div className="narrow">
        <h1>There is nothing here.</h1>
        <p>The address may have been mistyped, or what was here is gone.</p>
        <p>
          <Link href="/">Back to your list</Link>
        </p>
      </div>
    </SiteFrame>
  )
}
