#!/bin/sh
set -eu
stage="${1:-dev}"
for template in network-and-data eventing; do
  aws cloudformation deploy \
    --stack-name "connect-$template-$stage" \
    --template-file "infrastructure/$template.yaml" \
    --capabilities CAPABILITY_IAM \
    --parameter-overrides "Stage=$stage"
done
python3 database/migrate.py --stage "$stage"
npx serverless deploy --stage "$stage"
