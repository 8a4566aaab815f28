'use client'

import { type ComponentProps, type ReactNode, useState } from 'react'

/** What is wrong with a field, next to it, or with a whole form. */
export function Alert({ id, error }: { id?: string; error: string | undefined }) {
  return error ? (
    <p id={id} role="alert" className="field-error">
      {error}
    </p>
  ) : null
}

type FieldProps = Omit<ComponentProps<'input'>, 'id'> & {
  name: string
  label: string
  hint?: string | undefined
  error?: string | undefined
}

/** A labelled text field with its hint and its error. */
export function Field({ name, label, hint, error, ...input }: FieldProps) {
  return (
    <Labelled {...{ name, label, hint, error }}>
      <input {...input} {...describe(name, hint, error)} />
    </Labelled>
  )
}

/** A password that can be shown. The button is there only where a script can make it work. */
export function PasswordField({ name, label, hint, error, ...input }: FieldProps) {
  const [isShown, setShown] = useState(false)
  return (
    <Labelled {...{ name, label, hint, error }}>
      <div className="password-row">
        <input
          {...input}
          {...describe(name, hint, error)}
          type={isShown ? 'text' : 'password'}
          spellCheck={false}
          autoCapitalize="none"
        />
        <button
          type="button"
          className="quiet-button needs-script"
          aria-controls={name}
          aria-pressed={isShown}
          onClick={() => setShown(!isShown)}
        >
          {isShown ? 'Hide' : 'Show'} <span className="visually-hidden">what I type</span>
        </button>
      </div>
    </Labelled>
  )
}

function Labelled({
  name,
  label,
  hint,
  error,
  children,
}: Pick<FieldProps, 'name' | 'label' | 'hint' | 'error'> & { children: ReactNode }) {
  return (
    <div className="field">
      <label htmlFor={name}>{label}</label>
      {children}
      {hint && (
        <p id={`${name}-hint`} className="quiet">
          {hint}
        </p>
      )}
      <Alert id={`${name}-error`} error={error} />
    </div>
  )
}

function describe(name: string, hint: string | undefined, error: string | undefined) {
  const described = [hint && `${name}-hint`, error && `${name}-error`].filter(Boolean).join(' ')
  return { id: name, name, 'aria-invalid': error ? true : undefined, 'aria-describedby': described || undefined }
}
