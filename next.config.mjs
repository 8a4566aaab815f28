import { fileURLToPath } from 'node:url'

// What depends on the request (the nonce of the CSP) is set in proxy.ts; this goes on every answer, files included.
const headers = [
  { key: 'X-Content-Type-Options', value: 'nosniff' },
  // Never no-referrer: that makes the Origin of our own forms "null".
  { key: 'Referrer-Policy', value: 'same-origin' },
  { key: 'Cross-Origin-Opener-Policy', value: 'same-origin' },
  { key: 'Cross-Origin-Resource-Policy', value: 'same-origin' },
  { key: 'Permissions-Policy', value: 'camera=(), geolocation=(), microphone=(), payment=(), usb=()' },
  { key: 'X-Frame-Options', value: 'DENY' },
]

/** @type {import('next').NextConfig} */
export default {
  poweredByHeader: false,
  reactStrictMode: true,
  // Nobody uses it, and it has had its share of advisories.
  images: { unoptimized: true },
  // Native, or run from its own file.
  serverExternalPackages: ['better-sqlite3', '@prisma/adapter-better-sqlite3', 'piscina'],
  // `npm test` checks the types, tests included; a site owner's build need not have what that takes.
  typescript: { ignoreBuildErrors: true },
  turbopack: { root: fileURLToPath(new URL('.', import.meta.url)) },
  experimental: { serverActions: { bodySizeLimit: '64kb' } },
  headers: async () => [{ source: '/:path*', headers }],
}
