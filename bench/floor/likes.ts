/** Likes, on the floor: always the same fifty, and nothing is written. */
import type * as likes from '#lib/likes'

export { type LikePage, undoableLike } from '#lib/likes'

const LIKES = Array.from({ length: 50 }, (_, i) => ({
  id: `01995555-0000-7000-9000-${String(i).padStart(12, '0')}`,
  thing: `thing ${100_050 - i}`,
}))

export const listLikes: typeof likes.listLikes = async () => ({ likes: LIKES, next: null, count: 50, hasMore: false })

export const like: typeof likes.like = async () => 'liked'

export async function removeLike() {
  return true
}

export const undoRemove = removeLike
