use super::*;
use facts::MemorySources;

/// What a template declares, a line for each thing, sorted; other files are `other.yaml` and `src/app.py`.
fn check(path: &str, text: &str, expected: &[&str]) {
    let files = [(path, text), ("src/app.py", ""), ("lib/python/shared.py", ""), ("other.yaml", "")];
    let sources = MemorySources::new(files);
    let mut out = Declarations::default();
    CloudFormation.extract(&SourceFile::new(path, text), &sources, &mut out);
    let mut got: Vec<String> = Vec::new();
    got.extend(out.resources.iter().map(|r| format!("{} {}", r.kind.map_or("-", NodeKind::as_str), r.at.id)));
    got.extend(out.links.iter().map(|l| format!("{} {} {}", shown(&l.from), l.kind, shown(&l.to))));
    got.extend(out.entries.iter().map(|e| format!("code {} {:?}", e.owner.id, e.roots)));
    let unknown = out.entries.iter().filter_map(|e| e.archive.as_ref()?.unknown.as_ref());
    got.extend(unknown.map(|(_, place)| format!("unknown code {}:{}", place.line, place.column)));
    got.extend(out.instances.iter().map(|i| format!("stack {} {}", i.owner.id, i.scope)));
    got.extend(out.diagnostics.iter().map(|d| {
        let place = d.place.as_ref().unwrap();
        format!("{} {}:{}", d.code, place.line, place.column)
    }));
    got.sort();
    assert_eq!(got, expected, "{text}");
}

fn shown(end: &End) -> String {
    end.part.as_ref().map_or_else(|| end.what.to_string(), |part| format!("{}[{}]", end.what, part.name))
}

#[test]
fn templates_are_told_by_their_content() {
    check("x.yml", "Resources: {Q: {Type: 'AWS::SQS::Queue'}}", &["queue Q"]);
    check("x.json", r#"{"Resources": {"Q": {"Type": "AWS::SQS::Queue"}}}"#, &["queue Q"]);
    check("x.yml", "Resources: {Q: {Type: queue}} # AWS::SQS::Queue", &[]);
    check("package.json", r#"{"Resources": ["a::b"]}"#, &[]);
}

#[test]
fn broken_files_keep_what_stands_before_the_error() {
    check("x.yaml", "Resources:\n  Q: {Type: 'AWS::SQS::Queue'}\n  R: [", &["queue Q", "syntax 3:6"]);
    check("x.json", "{\"Resources\": {\"Q\": {\"Type\": \"AWS::SQS::Queue\"},\n ]", &["queue Q", "syntax 2:2"]);
    check(
        "x.json",
        "{\"Resources\": {\"Q\": {\"Type\": \"AWS::SQS::Queue\"},\n\t\"Q\": {\"Type\": \"AWS::SNS::Topic\"}}}",
        &["repeated-key 2:2", "topic Q"],
    );
}

#[test]
fn bombs_are_cut_short() {
    let deep = |open: &str, n: usize| format!("Resources: {{Q: {{Type: 'AWS::SQS::Queue'}}}}\nX: {}", open.repeat(n));
    check("x.yaml", &deep("[", 100_000), &["queue Q", "syntax 2:259"]);
    let json = format!("{{\"Resources\": {{\"Q\": {{\"Type\": \"AWS::SQS::Queue\"}}}}, \"X\": {}", "[".repeat(100_000));
    check("x.json", &json, &["queue Q", "syntax 1:566"]);
    let row = |i: usize| match i {
        0 => "a0: &a0 [x, x, x, x, x, x, x, x, x]\n".to_owned(),
        i => format!("a{i}: &a{i} [{}]\n", format!("*a{}, ", i - 1).repeat(9)),
    };
    let bomb: String = (0..12).map(row).collect();
    let yaml = format!("Resources: {{Q: {{Type: 'AWS::SQS::Queue'}}}}\n{bomb}");
    check("x.yaml", &yaml, &["queue Q", "too-large 7:30"]);
}

#[test]
fn code_is_found_inside_only() {
    let function = |uri: &str| {
        format!(
            "Globals: {{Function: {{Layers: [!Ref L]}}}}\nResources:\n  L: {{Type: AWS::Serverless::LayerVersion, Properties: {{ContentUri: lib}}}}\n  F: {{Type: AWS::Serverless::Function, Properties: {{CodeUri: {uri}, Handler: app.main}}}}"
        )
    };
    check("x.yaml", &function("src"), &["code F [\"src\", \"lib/python\", \"lib\"]", "function F"]);
    let unknown = ["code F [\"lib/python\", \"lib\"]", "function F", "unknown code 4:62"];
    check("x.yaml", &function("../../etc"), &unknown);
    check("x.yaml", &function("build/f"), &unknown);
    check("x.yaml", &function("s3://bucket/key"), &unknown);
}

#[test]
fn events_and_properties_make_flows() {
    check(
        "x.yaml",
        "Resources:\n  F:\n    Type: AWS::Serverless::Function\n    Properties:\n      InlineCode: 'x = 1'\n      Handler: index.handler\n      Events:\n        Get: {Type: Api, Properties: {Path: /a, Method: get}}\n        Q: {Type: SQS, Properties: {Queue: !GetAtt Q.Arn}}\n  Q:\n    Type: AWS::SQS::Queue\n    Properties: {RedrivePolicy: {deadLetterTargetArn: !GetAtt D.Arn}}\n  D: {Type: AWS::SQS::Queue}\n",
        &[
            "${Q.Arn} trigger ${F}",
            "${Q} publish ${D.Arn}",
            "${ServerlessRestApi}[GET /a] invoke ${F}",
            "code F []",
            "function F",
            "queue D",
            "queue Q",
            "rest_api ServerlessRestApi",
        ],
    );
}

#[test]
fn a_property_that_is_left_out_makes_no_flow() {
    check(
        "x.yaml",
        "Conditions: {No: !Equals [a, b]}\nResources:\n  Q: {Type: AWS::SQS::Queue, Properties: {RedrivePolicy: {deadLetterTargetArn: !If [No, x, !Ref AWS::NoValue]}}}",
        &["queue Q"],
    );
}

#[test]
fn a_permission_counts_where_nothing_else_is_said() {
    let permission = "  P: {Type: AWS::Lambda::Permission, Properties: {Principal: s3.amazonaws.com, FunctionName: !Ref F, SourceArn: !GetAtt B.Arn}}\n  F: {Type: AWS::Lambda::Function, Properties: {Code: {S3Bucket: x}}}\n";
    check(
        "x.yaml",
        &format!("Resources:\n{permission}  B: {{Type: AWS::S3::Bucket}}"),
        &["${B.Arn} trigger ${F}", "bucket B", "function F"],
    );
    let declared = "  B: {Type: AWS::S3::Bucket, Properties: {NotificationConfiguration: {LambdaConfigurations: [{Function: !GetAtt F.Arn}]}}}";
    check(
        "x.yaml",
        &format!("Resources:\n{permission}{declared}"),
        &["${B} trigger ${F.Arn}", "bucket B", "function F"],
    );
}

#[test]
fn stacks_and_unknown_types() {
    check(
        "x.yaml",
        "Resources:\n  S: {Type: AWS::CloudFormation::Stack, Properties: {TemplateURL: ./other.yaml}}\n  T: {Type: AWS::Made::Up}\n  C: {Type: Custom::Thing}\n  X: {Type: 'AWS::SQS::Queue', Properties: {QueueName: !Odd x}}",
        &["queue X", "stack S other.yaml", "unknown-intrinsic 5:61", "unknown-resource-type 3:3"],
    );
}
