/** A process of its own that delivers what is due, to be killed in the middle. */
import { createJiti } from 'jiti'

const jiti = createJiti(import.meta.url, {
  interopDefault: false,
  nativeModules: ['@prisma'],
  fsCache: 'generated/jiti',
})
const { deliverDue } = await jiti.import('../postman.ts')
await deliverDue(() => new Date(process.argv[2]))
