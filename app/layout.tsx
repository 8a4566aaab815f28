import type { Metadata, Viewport } from 'next'
import { connection } from 'next/server'
import type { ReactNode } from 'react'
import { env } from '#lib/env'
import './globals.css'

const description = 'Keep the things you like. No account needed; sign up when you want them everywhere.'

/** The public address is known when the site runs, not when it is built. */
export async function generateMetadata(): Promise<Metadata> {
  await connection()
  return {
    metadataBase: new URL(env().appUrl),
    title: { default: 'Likes', template: '%s · Likes' },
    description,
    openGraph: { type: 'website', siteName: 'Likes', title: 'What do you like?', description },
  }
}

export const viewport: Viewport = {
  colorScheme: 'light dark',
  themeColor: [
    { media: '(prefers-color-scheme: light)', color: '#fbfaf7' },
    { media: '(prefers-color-scheme: dark)', color: '#171514' },
  ],
}

export default async function RootLayout({ children }: { children: ReactNode }) {
  // Every page carries the nonce of its own answer, so none may be made at build time.
  await connection()
  return (
    <html lang="en">
      <body>{children}</body>
    </html>
  )
}
