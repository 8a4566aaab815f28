import { CurrentPassword } from '../ui/current-password'
import { ShownTo } from '../ui/shown-to'

/** Asks for everything that is kept, as one file. A plain form, since its answer is a download. */
export function ExportForm({ isPasswordNeeded, mark }: { isPasswordNeeded: boolean; mark: string }) {
  return (
    <form action="/account/export" method="post" className="card">
      <ShownTo mark={mark} />
      {isPasswordNeeded && <CurrentPassword id="password-to-export" />}
      <button>Download my data</button>
    </form>
  )
}
