export function Logo() {
  return (
    <svg viewBox="0 0 32 32" width="26" height="26" aria-hidden="true" className="mark">
      <rect width="32" height="32" rx="9" />
      <path d="M16 24.2 8.6 16.9a4.7 4.7 0 0 1 6.7-6.6l.7.7.7-.7a4.7 4.7 0 0 1 6.7 6.6Z" />
    </svg>
  )
}
