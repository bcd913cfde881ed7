package main

import "strings"

// wanted are the types of resources whose properties are in the extract: those of
// Photofit's template, and what others use to serve files and photos.
var wanted = strings.Fields(`
	Budgets::Budget
	CertificateManager::Certificate
	CloudFront::CachePolicy CloudFront::CloudFrontOriginAccessIdentity CloudFront::Distribution CloudFront::Function
	CloudFront::KeyGroup CloudFront::KeyValueStore CloudFront::MonitoringSubscription CloudFront::OriginAccessControl
	CloudFront::OriginRequestPolicy CloudFront::PublicKey CloudFront::RealtimeLogConfig CloudFront::ResponseHeadersPolicy
	CloudFront::VpcOrigin
	CloudWatch::Alarm CloudWatch::CompositeAlarm CloudWatch::Dashboard
	DynamoDB::Table
	Events::EventBus Events::Rule
	IAM::InstanceProfile IAM::ManagedPolicy IAM::Policy IAM::Role IAM::RolePolicy IAM::User IAM::UserPolicy
	KMS::Alias KMS::Key
	Lambda::Alias Lambda::EventInvokeConfig Lambda::EventSourceMapping Lambda::Function Lambda::LayerVersion
	Lambda::LayerVersionPermission Lambda::Permission Lambda::Url Lambda::Version
	Logs::LogGroup Logs::MetricFilter Logs::ResourcePolicy Logs::SubscriptionFilter
	Route53::HealthCheck Route53::HostedZone Route53::RecordSet Route53::RecordSetGroup
	S3::AccessPoint S3::Bucket S3::BucketPolicy
	SNS::Subscription SNS::Topic SNS::TopicPolicy
	SQS::Queue SQS::QueueInlinePolicy SQS::QueuePolicy
	SSM::Parameter
	Scheduler::Schedule`)

// settable are the types of which GetAtt also gives what was set: it is so, and no
// schema says it.
var settable = map[string]bool{
	"Events::EventBus": true, "S3::AccessPoint": true, "SNS::Topic": true, "SQS::Queue": true, "SSM::Parameter": true,
}
