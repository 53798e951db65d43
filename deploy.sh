#!/usr/bin/env bash
# Deploys ordertrail to AWS; docs/operations.md has the whole story.
set -euo pipefail

usage() {
  printf '%s\n' \
    'Usage: ./deploy.sh [--stack NAME] [--preview | --destroy] [--yes]' \
    '' \
    'Builds ordertrail and deploys it to the AWS account and region of your credentials.' \
    'Doing it again updates what is there.' \
    '' \
    '  --stack NAME  which deployment; prod unless given' \
    '  --preview     show what would change, and change nothing' \
    '  --destroy     remove the deployment; tables are protected and stay' \
    '  --yes         do not ask before changing anything' \
    '  --help        show this'
}

refuse() {
  printf 'deploy.sh: %s\n\n' "$1" >&2
  usage >&2
  exit 2
}

stack=prod
action=up
yes=()
while (($# > 0)); do
  case $1 in
    --stack)
      [[ -n ${2-} && $2 != -* ]] || refuse '--stack: expected the name of a deployment'
      stack=$2
      shift
      ;;
    --preview | --destroy)
      [[ $action == up ]] || refuse 'expected one of --preview and --destroy'
      action=${1#--}
      ;;
    --yes) yes=(--yes) ;;
    --help)
      usage
      exit
      ;;
    *) refuse "unknown argument $1" ;;
  esac
  shift
done

root=${BASH_SOURCE[0]%/*}
cd "$([[ $root == "${BASH_SOURCE[0]}" ]] && printf . || printf %s "$root")"

# What is missing, all of it, each with the way to get it.
missing=()

has() { command -v "$1" >/dev/null; }

if has node; then
  version=$(node --version)
  major=${version#v}
  ((${major%%.*} >= 20)) ||
    missing+=("Node 20 or newer to install the packages with (here: $version); Node 24, which runs everything else, comes with them. Get it from https://nodejs.org/en/download")
else
  missing+=('Node 20 or newer. Get it from https://nodejs.org/en/download')
fi
has npm || missing+=('npm, which comes with Node: https://nodejs.org/en/download')
has curl || missing+=('curl, which asks the deployment whether it works: https://curl.se/download.html')

if ! has pulumi; then
  missing+=('the Pulumi CLI. Get it from https://www.pulumi.com/docs/install')
elif ! pulumi whoami --non-interactive >/dev/null 2>&1; then
  missing+=("a place where Pulumi keeps what it knows of deployments: run \`pulumi login\`, or \`pulumi login s3://BUCKET\` to keep it in your own account")
fi

if has aws; then
  aws sts get-caller-identity >/dev/null 2>&1 ||
    missing+=("AWS credentials that work: run \`aws sts get-caller-identity\` to see what is wrong, and \`aws configure sso\` or \`aws login\` to sign in")
elif [[ -z ${AWS_ACCESS_KEY_ID-}${AWS_PROFILE-}${AWS_WEB_IDENTITY_TOKEN_FILE-}${AWS_CONTAINER_CREDENTIALS_RELATIVE_URI-}${AWS_CONTAINER_CREDENTIALS_FULL_URI-} &&
  ! -e ${HOME-}/.aws/credentials && ! -e ${HOME-}/.aws/config ]]; then
  missing+=('AWS credentials: set AWS_PROFILE, or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY. https://docs.aws.amazon.com/sdkref/latest/guide/access.html says how to get them')
fi

has_region() {
  [[ -n ${AWS_REGION-}${AWS_DEFAULT_REGION-} ]] ||
    { has aws && aws configure get region >/dev/null 2>&1; } ||
    { has pulumi && pulumi --cwd pulumi config get aws:region --stack "$stack" --non-interactive >/dev/null 2>&1; }
}
has_region || missing+=('the region to deploy to: set AWS_REGION, for example to eu-west-1')

if ((${#missing[@]} > 0)); then
  printf 'deploy.sh needs some things that are not here:\n' >&2
  printf '  - %s\n' "${missing[@]}" >&2
  exit 1
fi

export PULUMI_SKIP_UPDATE_CHECK=true
on_stack() { pulumi --cwd pulumi "$@" --stack "$stack"; }

if [[ $action == destroy ]]; then
  printf '%s\n' \
    "Removing the deployment $stack. Its tables are protected, so the workflows and the trail stay." \
    'Placed orders that still wait in the outbox are lost: docs/operations.md, "Remove", says how to look,' \
    'and how to remove the tables as well.'
  on_stack destroy --exclude-protected ${yes[@]+"${yes[@]}"}
  exit
fi

if [[ ! -e node_modules/.package-lock.json || package-lock.json -nt node_modules/.package-lock.json ]]; then
  npm ci
fi
npm run build

# The program runs on the Node 24 that the packages brought along.
export PATH=$PWD/node_modules/.bin:$PATH

pulumi --cwd pulumi stack select "$stack" --create

if [[ $action == preview ]]; then
  on_stack preview
  exit
fi

on_stack up ${yes[@]+"${yes[@]}"}

url=$(on_stack stack output url)

status_of() { curl --silent --output /dev/null --max-time 30 --write-out '%{http_code}' "$url$1" || true; }

printf '\nAsking %s whether it works\n' "$url"
# A new address takes some seconds until it answers.
for pause in 1 2 4 8 0; do
  health=$(status_of /healthz)
  [[ $health != 200 ]] || break
  sleep "$pause"
done
if [[ $health == 000 ]]; then
  target=$(on_stack stack output domainTarget 2>/dev/null || true)
  printf 'deploy.sh: nothing answers at %s\n' "$url" >&2
  [[ -z $target || $target == null ]] ||
    printf 'If its DNS record is not there yet: it must point to %s\n' "$target" >&2
  exit 1
fi
if [[ $health != 200 ]]; then
  printf 'deploy.sh: %s/healthz answered %s instead of 200. docs/operations.md, "http-errors", says what to do\n' "$url" "$health" >&2
  exit 1
fi

workflows=$(status_of /workflows)
case $workflows in
  503)
    printf '%s\n' \
      'It works, and lets nobody in yet. Make a token for yourself, which is shown once:' \
      '' \
      "  $(on_stack stack output environment) npm run ordertrail -- token create --name NAME --role operator" \
      '' \
      "and sign in with it a minute later at $url/sign-in"
    ;;
  302 | 303 | 401)
    printf 'It works, and asks who you are: %s\n' "$url"
    ;;
  *)
    printf 'deploy.sh: %s/workflows answered %s to somebody unknown, instead of 303, 401 or 503\n' "$url" "$workflows" >&2
    exit 1
    ;;
esac
