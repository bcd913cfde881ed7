package lint

var functionCases = []planted{
	{"reserved-variable", function, "AWS_LWA_INVOKE_MODE:", "AWS_REGION:"},
	{"reserved-variable", function, "AWS_LWA_INVOKE_MODE:", "_HANDLER:"},
	{"", function, "AWS_LWA_INVOKE_MODE:", "AWS_LAMBDA_EXEC_WRAPPER:"},
	{"runtime-retired", queue, "Runtime: python3.13", "Runtime: python3.6"},
	{"runtime-retired", function, "Runtime: provided.al2023", "Runtime: go1.x"},
	{"runtime-deprecated", queue, "Runtime: nodejs24.x", "Runtime: nodejs20.x"},
	{"runtime-deprecated", function, "Runtime: provided.al2023", "Runtime: provided.al2"},
	{"", queue, "Runtime: nodejs24.x", "Runtime: nodejs22.x"},

	{"inline-code-runtime", queue, "Runtime: python3.13", "Runtime: ruby4.0"},
	{"zip-needs-runtime", queue, "      Runtime: python3.13\n", ""},
	{"", function, "      Runtime: provided.al2023\n      Handler: bootstrap\n", "      PackageType: Image\n"},

	{"code-key-fixed", function, `S3Key: !Sub "answer-${Zip}.zip"`, "S3Key: answer.zip"},
	{"", function, `S3Key: !Sub "answer-${Zip}.zip"`, "S3Key: answer.zip, S3ObjectVersion: !Ref Zip"},
	{"", function, `S3Key: !Sub "answer-${Zip}.zip"}`, "S3Key: answer-0f3a91c2.zip}\n      Description: !Ref Zip"},

	{"function-url-open", function, "AuthType: AWS_IAM, Invoke", "AuthType: NONE, Invoke"},
	{"", function, "AWS_LWA_INVOKE_MODE: response_stream}}\n  Url:\n    Type: AWS::Lambda::Url\n    Properties: {TargetFunctionArn: !Ref Answer, AuthType: AWS_IAM, InvokeMode: RESPONSE_STREAM}", "PHOTOFIT_MODE: purge}}\n  Url:\n    Type: AWS::Lambda::Url\n    Properties: {TargetFunctionArn: !Ref Answer, AuthType: AWS_IAM}"},
	{"function-url-buffered", function, ", InvokeMode: RESPONSE_STREAM", ""},
	{"function-url-buffered", function, "InvokeMode: RESPONSE_STREAM", "InvokeMode: BUFFERED"},
	{"timeout-short", function, "      Timeout: 25\n", ""},
	{"memory-low", function, "MemorySize: 1769", "MemorySize: 512"},
	{"", function, "MemorySize: 1769", "MemorySize: 1152"},

	{"reserved-concurrency-low", function, "MemorySize: 1769", "MemorySize: 1769\n      ReservedConcurrentExecutions: 10"},
	{"", function, "MemorySize: 1769", "MemorySize: 1769\n      ReservedConcurrentExecutions: 100"},
	{"mapping-exceeds-reserve", queue, "ReservedConcurrentExecutions: 5", "ReservedConcurrentExecutions: 2"},

	{"log-retention", function, ", RetentionInDays: 14", ""},
	{"log-retention", queue, "LogGroupName: /aws/lambda/worker", "LogGroupName: /aws/lambda/other"},
	{"", queue, "    Properties: {LogGroupName: /aws/lambda/worker,", "    Properties: {LogGroupName: !Sub \"/aws/lambda/${Worker}\","},
	{"log-retention", queue, "      LoggingConfig: {LogGroup: !Ref NoticeLog}\n", ""},
}

var queueCases = []planted{
	{"queue-visibility", queue, "VisibilityTimeout: 185", "VisibilityTimeout: 20"},
	{"queue-visibility", queue, "VisibilityTimeout: 185", "VisibilityTimeout: 60"},
	{"queue-visibility", queue, "      VisibilityTimeout: 185\n", ""},
	{"queue-without-dead-letters", queue, "      RedrivePolicy: {deadLetterTargetArn: !GetAtt Failed.Arn, maxReceiveCount: 5}\n", ""},
	{"no-partial-failures", queue, "      FunctionResponseTypes: [ReportBatchItemFailures]\n", ""},
	{"", queue, "BatchSize: 100\n      MaximumBatchingWindowInSeconds: 5\n      ScalingConfig: {MaximumConcurrency: 5}\n      FunctionResponseTypes: [ReportBatchItemFailures]", "BatchSize: 1"},
	{"batch-window", queue, "      MaximumBatchingWindowInSeconds: 5\n", ""},
}
