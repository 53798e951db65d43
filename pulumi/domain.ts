import { ApiMapping, DomainName, type Api, type Stage } from '@pulumi/aws/apigatewayv2/index.js'
import type { Output } from '@pulumi/pulumi'
import type { Deployment } from './config.ts'

/** The custom domain, if there is one, and the name that its DNS record must point to. */
export const createDomain = (
  { tags, settings }: Deployment,
  { api, stage }: { api: Api; stage: Stage },
): { target: Output<string> } | null => {
  const { domainName, certificateArn } = settings
  if (domainName === undefined || certificateArn === undefined) return null
  const domain = new DomainName('http', {
    domainName,
    domainNameConfiguration: {
      certificateArn,
      endpointType: 'REGIONAL',
      securityPolicy: 'TLS_1_2',
    },
    tags,
  })
  new ApiMapping('http', { apiId: api.id, domainName: domain.domainName, stage: stage.name })
  return { target: domain.domainNameConfiguration.targetDomainName }
}
