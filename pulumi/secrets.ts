import { Alias, Key } from '@pulumi/aws/kms/index.js'
import { Parameter } from '@pulumi/aws/ssm/index.js'
import type { Output } from '@pulumi/pulumi'
import { NO_TOKENS } from '../src/domain/access.ts'
import type { Deployment } from './config.ts'

/**
 * The secrets of each function, encrypted by a key of that function. With AWS's own key for
 * parameters, whoever may read the parameters of the account, as its policy ReadOnlyAccess lets
 * people, could read these too; a key of our own needs the right to decrypt by it as well.
 */
export const createSecrets = ({ name, tags, settings }: Deployment) => {
  const { brokerToken, oidcClientSecret } = settings

  const keyOf = (owner: string): Key => {
    const key = new Key(owner, {
      description: `Secrets that the ${owner} function of ${name} reads`,
      enableKeyRotation: true,
      deletionWindowInDays: 30,
      tags,
    })
    new Alias(owner, { name: `alias/${name}-${owner}`, targetKeyId: key.keyId })
    return key
  }

  const parameterOf = (
    key: Key,
    path: string,
    description: string,
    value: string | Output<string>,
    options: { ignoreChanges?: string[] } = {},
  ): Parameter =>
    new Parameter(
      path,
      { name: `/${name}/${path}`, description, type: 'SecureString', keyId: key.arn, value, tags },
      options,
    )

  const http = keyOf('http')
  const engine = brokerToken && keyOf('engine')
  return {
    httpKey: http,
    engineKey: engine,
    access: parameterOf(
      http,
      'access',
      'Who may sign in: written by `ordertrail token create`',
      JSON.stringify(NO_TOKENS),
      // To change anything but the tags is to write the value again, which would be this one.
      { ignoreChanges: ['value', 'description', 'keyId', 'tier'] },
    ),
    oidcClientSecret:
      oidcClientSecret &&
      parameterOf(http, 'oidc-client-secret', 'Of the OpenID Connect client', oidcClientSecret),
    brokerToken:
      brokerToken &&
      engine &&
      parameterOf(engine, 'broker-token', "The broker's bearer token", brokerToken),
  }
}
export type Secrets = ReturnType<typeof createSecrets>
