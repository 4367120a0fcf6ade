//! Generated repositories to measure on: many services, each a stack with its functions, over shared helpers.
//!
//! The code has the shape of real Lambdas: a handler with some parsing and checks, a repository class over a
//! table, a client that posts to a queue, helpers of a shared layer that every function imports. The same
//! arguments give the same bytes.

use std::fmt::Write as _;

/// A generated file: path and text.
pub type File = (String, String);

/// Functions in one generated service.
const FUNCTIONS_PER_SERVICE: usize = 10;

/// A repository of about `lines` lines of Python, and never less than one service.
pub fn repository(lines: usize) -> Vec<File> {
    let mut files = layer();
    let mut written: usize = files.iter().map(count).sum();
    let mut service = 0;
    while written < lines || service == 0 {
        let added = self::service(service);
        written += added.iter().map(count).sum::<usize>();
        files.extend(added);
        service += 1;
    }
    files
}

/// One template of about so many bytes: queues, each with the function that it triggers.
pub fn template(bytes: usize) -> Vec<File> {
    let mut text =
        String::from("Transform: AWS::Serverless-2016-10-31\nParameters: { Stage: { Type: String } }\nResources:\n");
    for i in 0.. {
        if text.len() >= bytes {
            break;
        }
        let _ = write!(
            text,
            "  Queue{i}:\n    Type: AWS::SQS::Queue\n    Properties: {{ QueueName: !Sub 'queue-{i}-${{Stage}}' }}\n\
             \x20 Work{i}:\n    Type: AWS::Serverless::Function\n    Properties:\n      Runtime: python3.12\n      Handler: app.main\n\
             \x20     CodeUri: src\n      Environment: {{ Variables: {{ NEXT: !Ref Queue{}, STAGE: !Ref Stage }} }}\n\
             \x20     Events: {{ Jobs: {{ Type: SQS, Properties: {{ Queue: !GetAtt Queue{i}.Arn }} }} }}\n",
            i / 2
        );
    }
    vec![("template.yaml".into(), text), ("src/app.py".into(), SEND.into())]
}

/// So many Serverless Framework services in a composition; each hands an output to the next.
pub fn composition(services: usize) -> Vec<File> {
    let mut compose = String::from("services:\n");
    let mut files = Vec::new();
    for i in 0..services {
        let before = i.saturating_sub(1);
        let _ = write!(compose, "  s{i}:\n    path: s{i}\n    params: {{ next: '${{s{before}.JobsUrl}}' }}\n");
        let mut service = format!(
            "service: s{i}\nprovider:\n  name: aws\n  runtime: python3.12\n  environment: {{ NEXT: '${{param:next}}', STAGE: '${{sls:stage}}' }}\n\
             custom: ${{file(../shared/config.yml)}}\nfunctions:\n"
        );
        for f in 0..FUNCTIONS_PER_SERVICE {
            let _ = write!(
                service,
                "  work{f}:\n    handler: app.main\n    memorySize: ${{self:custom.memory.${{sls:stage}}, 128}}\n    events:\n\
                 \x20     - sqs: !GetAtt Jobs.Arn\n      - http: GET /${{self:custom.base}}/{f}\n"
            );
        }
        service.push_str("resources: ${file(resources.yml)}\n");
        let resources = "Resources:\n  Jobs:\n    Type: AWS::SQS::Queue\n    Properties: { QueueName: '${self:service}-${sls:stage}-jobs' }\nOutputs:\n  JobsUrl: { Value: !Ref Jobs }\n";
        files.push((format!("s{i}/serverless.yml"), service));
        files.push((format!("s{i}/resources.yml"), resources.into()));
        files.push((format!("s{i}/app.py"), SEND.into()));
    }
    files.push(("shared/config.yml".into(), "base: api\nmemory: { dev: 128, prod: 512 }\n".into()));
    files.push(("serverless-compose.yml".into(), compose));
    files
}

/// A handler that sends to the queue of its environment.
const SEND: &str = "import os\n\nimport boto3\n\n\ndef main(event, _):\n    boto3.client(\"sqs\").send_message(QueueUrl=os.environ[\"NEXT\"], MessageBody=\"x\")\n";

/// Lines of Python in a file; 0 for anything else.
pub fn count(file: &File) -> usize {
    let python = std::path::Path::new(&file.0).extension().is_some_and(|end| end == "py");
    if python { file.1.lines().count() } else { 0 }
}

fn layer() -> Vec<File> {
    let mut clients = String::from("import json\nimport os\n\nimport boto3\n\n_queue = None\n\n\n");
    clients.push_str(
        "def queue():\n    global _queue\n    if _queue is None:\n        _queue = boto3.client(\"sqs\")\n    return _queue\n\n\n\
         def send(url, body):\n    return queue().send_message(QueueUrl=url, MessageBody=json.dumps(body))\n\n\n\
         class Repository:\n    def __init__(self, name):\n        self.table = boto3.resource(\"dynamodb\").Table(name)\n\n\
         \x20   def load(self, key):\n        return self.table.get_item(Key={\"pk\": key}).get(\"Item\")\n\n\
         \x20   def save(self, item):\n        self.table.put_item(Item=item)\n",
    );
    let mut checks = String::from("from datetime import datetime\n\n");
    for i in 0..40 {
        let _ = write!(
            checks,
            "\ndef check_{i}(value, low={i}, high={}):\n    if value is None:\n        raise ValueError(\"field {i} is missing\")\n    \
             if not low <= len(str(value)) <= high:\n        raise ValueError(f\"field {i} has {{len(str(value))}} characters\")\n    \
             return {{\"value\": value, \"at\": datetime.utcnow().isoformat()}}\n\n",
            i + 100
        );
    }
    vec![
        ("layer/python/shared/__init__.py".into(), String::new()),
        ("layer/python/shared/clients.py".into(), clients),
        ("layer/python/shared/checks.py".into(), checks),
    ]
}

fn service(number: usize) -> Vec<File> {
    let mut template = String::from("Transform: AWS::Serverless-2016-10-31\nResources:\n");
    let _ = write!(
        template,
        "  Shared:\n    Type: AWS::Serverless::LayerVersion\n    Properties: {{ContentUri: ../layer}}\n  \
         Table:\n    Type: AWS::DynamoDB::Table\n    Properties: {{TableName: s{number}-items}}\n  \
         Jobs:\n    Type: AWS::SQS::Queue\n"
    );
    let mut files = Vec::new();
    for i in 0..FUNCTIONS_PER_SERVICE {
        let _ = write!(
            template,
            "  F{i}:\n    Type: AWS::Serverless::Function\n    Properties:\n      CodeUri: src/f{i}\n      Handler: app.handler\n      \
             Runtime: python3.12\n      Layers: [!Ref Shared]\n      Environment:\n        Variables: {{TABLE: !Ref Table, JOBS: !Ref Jobs}}\n      \
             Events:\n        Call:\n          Type: Api\n          Properties: {{Path: /f{i}, Method: post}}\n"
        );
        files.push((format!("s{number}/src/f{i}/app.py"), handler(number, i)));
        files.push((format!("s{number}/src/f{i}/rules.py"), rules(number, i)));
    }
    files.push((format!("s{number}/template.yaml"), template));
    files
}

fn handler(service: usize, function: usize) -> String {
    let mut code = String::from(
        "import json\nimport logging\nimport os\n\nfrom shared.checks import check_1, check_2, check_3\n\
         from shared.clients import Repository, send\n\nfrom rules import apply\n\nlogger = logging.getLogger()\n\
         items = Repository(os.environ[\"TABLE\"])\n\n\n",
    );
    for i in 0..4 {
        let _ = write!(
            code,
            "def step_{i}(body, known):\n    total = 0\n    for line in body.get(\"lines\", []):\n        \
             price = line.get(\"price\", {i}) * line.get(\"quantity\", 1)\n        if price > {}:\n            \
             logger.info(\"line %s of service {service} is large: %s\", line[\"id\"], price)\n            \
             total += price\n        else:\n            total -= 1\n    \
             result = {{\"total\": total, \"known\": known, \"name\": f\"{function}-{{body.get('name')}}-{i}\"}}\n    return result\n\n\n",
            i * 100
        );
    }
    code.push_str(
        "def handler(event, context):\n    body = json.loads(event[\"body\"])\n    check_1(body.get(\"a\"))\n    check_2(body.get(\"b\"))\n    \
         check_3(body.get(\"c\"))\n    known = items.load(body[\"id\"])\n    results = []\n",
    );
    for i in 0..4 {
        let _ = writeln!(code, "    results.append(step_{i}(body, known))");
    }
    code.push_str(
        "    for result in apply(results):\n        items.save(result)\n    send(os.environ[\"JOBS\"], {\"id\": body[\"id\"]})\n    \
         return {\"statusCode\": 200, \"body\": json.dumps(results)}\n",
    );
    code
}

fn rules(service: usize, function: usize) -> String {
    let mut code = String::from("LIMITS = {\n");
    for i in 0..20 {
        let _ = writeln!(
            code,
            "    \"rule-{i}\": {{\"low\": {i}, \"high\": {}, \"name\": \"s{service}-f{function}\"}},",
            i * 7
        );
    }
    code.push_str("}\n\n\ndef apply(results):\n    out = []\n    for result in results:\n");
    for i in 0..20 {
        let _ = write!(
            code,
            "        if result[\"total\"] > LIMITS[\"rule-{i}\"][\"high\"] and result.get(\"kind\") != \"skip\":\n            \
             result = dict(result, rule_{i}=True)\n"
        );
    }
    code.push_str("        out.append(result)\n    return out\n");
    code
}

/// A file of Rust with so many functions that ask a table.
pub fn rust_file(functions: usize) -> String {
    let mut text = String::from("use aws_sdk_dynamodb::{Client, Error};\n\n");
    for i in 0..functions {
        let _ = write!(
            text,
            "async fn save_{i}(client: &Client, id: &str) -> Result<(), Error> {{
    let table = std::env::var(\"TABLE\").unwrap_or_else(|_| format!(\"orders-{{}}\", {i}));
    if id.is_empty() {{
        return Ok(());
    }}
    client.put_item().table_name(&table).item(\"id\", AttributeValue::S(id.to_string())).send().await?;
    Ok(())
}}

"
        );
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_size_is_as_asked_and_the_bytes_are_stable() {
        let files = repository(10_000);
        let lines: usize = files.iter().map(count).sum();
        assert!((10_000..12_000).contains(&lines), "{lines}");
        assert_eq!(files, repository(10_000));
    }
}
