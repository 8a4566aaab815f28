import { PasswordField } from './field'

type Props = { id: string; hint?: string; error?: string | undefined }

/** The password of the account, for what is sensitive. Several forms of one page ask for it, so each names its own field. */
export function CurrentPassword(props: Props) {
  return <PasswordField {...props} name="password" label="Current password" autoComplete="current-password" required />
}
