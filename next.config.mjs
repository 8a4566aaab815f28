import { fileURLToPath } from 'node:url'
import { SECURITY_HEADERS } from './security-headers.mjs'

const headers = Object.entries(SECURITY_HEADERS).map(([key, value]) => ({ key, value }))

/** @type {import('next').NextConfig} */
export default {
  poweredByHeader: false,
  reactStrictMode: true,
  // Nobody uses it, and it has had its share of advisories.
  images: { unoptimized: true },
  // Native, run from its own file, or one for the whole process (prom-client, which the door uses too).
  serverExternalPackages: ['better-sqlite3', '@prisma/adapter-better-sqlite3', 'piscina', 'prom-client'],
  // Instances that are built apart must agree on it, or each page of one makes a browser load the other's anew.
  generateBuildId: () => process.env.BUILD_ID ?? null,
  // `npm test` checks the types, tests included; a site owner's build need not have what that takes.
  typescript: { ignoreBuildErrors: true },
  turbopack: { root: fileURLToPath(new URL('.', import.meta.url)) },
  experimental: { serverActions: { bodySizeLimit: '64kb' } },
  headers: async () => [{ source: '/:path*', headers }],
}
