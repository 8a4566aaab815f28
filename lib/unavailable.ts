/**
 * What was asked for was not done, for a reason that passes. The caller says so, in the message's words, which are for
 * the person who asked.
 */
export class Unavailable extends Error {
  override name = 'Unavailable'
}
