/** For whom the page with the form was made: see `markOf` in lib/viewer.ts. */
export function ShownTo({ mark }: { mark: string }) {
  return <input type="hidden" name="shownTo" value={mark} />
}
