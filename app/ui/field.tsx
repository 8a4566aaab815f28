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

type FieldProps = ComponentProps<'input'> & {
  name: string
  label: string
  hint?: string | undefined
  error?: string | undefined
}

/** A labelled text field with its hint and its error. */
export function Field({ name, id = name, label, hint, error, ...input }: FieldProps) {
  return (
    <Labelled {...{ id, label, hint, error }}>
      <input {...input} name={name} {...describe(id, hint, error)} />
    </Labelled>
  )
}

type TextAreaProps = ComponentProps<'textarea'> & Pick<FieldProps, 'name' | 'label' | 'hint' | 'error'>

/** The same for text of many lines. */
export function TextArea({ name, id = name, label, hint, error, ...input }: TextAreaProps) {
  return (
    <Labelled {...{ id, label, hint, error }}>
      <textarea {...input} name={name} {...describe(id, hint, error)} />
    </Labelled>
  )
}

/** A password that can be shown. The button is there only where a script can make it work. */
export function PasswordField({ name, id = name, label, hint, error, ...input }: FieldProps) {
  const [isShown, setShown] = useState(false)
  return (
    <Labelled {...{ id, label, hint, error }}>
      <div className="password-row">
        <input
          {...input}
          name={name}
          {...describe(id, hint, error)}
          type={isShown ? 'text' : 'password'}
          spellCheck={false}
          autoCapitalize="none"
        />
        <button
          type="button"
          className="quiet-button needs-script"
          aria-controls={id}
          onClick={() => setShown(!isShown)}
        >
          {isShown ? 'Hide' : 'Show'} <span className="visually-hidden">what I type</span>
        </button>
      </div>
    </Labelled>
  )
}

function Labelled({
  id,
  label,
  hint,
  error,
  children,
}: Pick<FieldProps, 'label' | 'hint' | 'error'> & { id: string; children: ReactNode }) {
  return (
    <div className="field">
      <label htmlFor={id}>{label}</label>
      {children}
      {hint && (
        <p id={`${id}-hint`} className="quiet">
          {hint}
        </p>
      )}
      <Alert id={`${id}-error`} error={error} />
    </div>
  )
}

function describe(id: string, hint: string | undefined, error: string | undefined) {
  const described = [hint && `${id}-hint`, error && `${id}-error`].filter(Boolean).join(' ')
  return { id, 'aria-invalid': error ? true : undefined, 'aria-describedby': described || undefined }
}
