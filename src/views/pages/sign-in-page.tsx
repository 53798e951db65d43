import type { Child } from 'hono/jsx'
import { paths } from '../../paths.ts'

const PROBLEMS = {
  wrong_token: 'This token is not one that lets you in. It may have expired, or been deleted.',
  not_listed: 'You are known there, but nobody has let you in here yet, by your e-mail address.',
  in_clear:
    'Anybody on the way could read your token here, so that no browser would keep you signed in. Come over https: put a proxy that speaks it in front, and set PUBLIC_URL to its address. Programs may send their token all the same.',
  too_often: 'Too many attempts. Please wait a minute.',
  provider_failed: 'That did not succeed there. Please try again, or sign in with a token.',
}
export type SignInProblem = keyof typeof PROBLEMS

const Problem = ({ problem }: { problem: SignInProblem }): Child => (
  <p class='problem' id='problem' role='alert'>
    {PROBLEMS[problem]}
  </p>
)

interface Props {
  /** The page to go on to. */
  next: string
  /** Why the last attempt failed; null for a first one. */
  problem: SignInProblem | null
  /** The name of the OpenID provider; null where there is none. */
  provider: string | null
}

/** Where a person says who they are, once, and is known from then on. */
export const SignInPage = ({ next, problem, provider }: Props): Child => {
  if (problem === 'in_clear') {
    return (
      <div class='sign-in panel'>
        <h1>Sign in</h1>
        <Problem problem={problem} />
      </div>
    )
  }
  const isToken = problem === 'wrong_token' || problem === 'too_often'
  return (
    <div class='sign-in panel'>
      <h1>Sign in</h1>
      {provider !== null && (
        <div class='stack'>
          {problem && !isToken && <Problem problem={problem} />}
          <p>
            <a class='button' href={paths.signInAtProvider({ next })}>
              Sign in at {provider}
            </a>
          </p>
          <p class='muted'>or</p>
        </div>
      )}
      <form class='stack' method='post' action={paths.signIn()}>
        <input type='hidden' name='next' value={next} />
        <div class='form-field'>
          <label for='token'>Token</label>
          <span class='muted' id='token-hint'>
            It begins with <code>ot_</code>; whoever runs this ordertrail has it from{' '}
            <code>ordertrail token create</code>.
          </span>
          <input
            id='token'
            type='password'
            name='token'
            required
            autofocus
            maxlength={200}
            autocomplete='current-password'
            aria-describedby={isToken ? 'problem token-hint' : 'token-hint'}
            aria-invalid={isToken ? 'true' : undefined}
          />
          {problem && isToken && <Problem problem={problem} />}
        </div>
        <p>
          <button class='button button-main'>Sign in</button>
        </p>
      </form>
    </div>
  )
}
