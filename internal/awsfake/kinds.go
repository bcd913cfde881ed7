package awsfake

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"photofit/internal/cfn"
)

// kind is a type of resource that the fake knows.
type kind struct {
	properties string // those there are; one that is needed ends in "!", one whose change replaces the resource in "*"
	attributes string // of GetAtt
	// put makes the resource, if its physical id is empty, or changes it. A reason is why it
	// fails.
	put func(*Cloud, *stack, *resource) (reason string)
	// remove takes it away; nil needs nothing.
	remove func(*Cloud, *stack, *resource) (reason string)
}

// kinds are the types that Photofit's template has.
var kinds = map[string]kind{
	"AWS::S3::Bucket": {
		"AbacStatus AccelerateConfiguration AccessControl AnalyticsConfigurations BucketEncryption BucketName* BucketNamePrefix* BucketNamespace* CorsConfiguration IntelligentTieringConfigurations InventoryConfigurations LifecycleConfiguration LoggingConfiguration MetadataConfiguration MetadataTableConfiguration MetricsConfigurations NotificationConfiguration ObjectLockConfiguration ObjectLockEnabled* OwnershipControls PublicAccessBlockConfiguration ReplicationConfiguration Tags VersioningConfiguration WebsiteConfiguration",
		"Arn DomainName DualStackDomainName RegionalDomainName WebsiteURL", putBucketResource, removeBucketResource},
	"AWS::S3::BucketPolicy": {"Bucket*! PolicyDocument!", "", putBucketPolicyResource, removeBucketPolicyResource},
	"AWS::Logs::LogGroup": {"BearerTokenAuthenticationEnabled DataProtectionPolicy DeletionProtectionEnabled FieldIndexPolicies KmsKeyId LogGroupClass LogGroupName* ResourcePolicyDocument RetentionInDays Tags",
		"Arn", named("LogGroupName", func(c *Cloud, s *stack, r *resource) {
			r.attributes["Arn"] = s.arn(c, "logs", "log-group:"+r.physical+":*")
		}), forgetName},
	"AWS::IAM::Role": {"AssumeRolePolicyDocument! Description ManagedPolicyArns MaxSessionDuration Path* PermissionsBoundary Policies RoleName* Tags",
		"Arn RoleId", named("RoleName", func(c *Cloud, s *stack, r *resource) {
			r.attributes["Arn"] = "arn:" + partition(s.region) + ":iam::" + c.Account + ":role/" + r.physical
			r.attributes["RoleId"] = "AROA" + strings.ToUpper(r.unique(16))
		}), forgetName},
	"AWS::Lambda::Function": {"Architectures CapacityProviderConfig Code! CodeSigningConfigArn DeadLetterConfig Description DurableConfig Environment EphemeralStorage FileSystemConfigs FunctionName* FunctionScalingConfig Handler ImageConfig KmsKeyArn Layers LoggingConfig MemorySize PackageType* PublishToLatestPublished RecursiveLoop ReservedConcurrentExecutions Role! Runtime RuntimeManagementConfig SnapStart Tags TenancyConfig* Timeout TracingConfig VpcConfig",
		"Arn", putFunctionResource, removeFunctionResource},
	"AWS::Lambda::Url":        {"AuthType! Cors InvokeMode Qualifier* TargetFunctionArn*!", "FunctionArn FunctionUrl", putURLResource, removeURLResource},
	"AWS::Lambda::Permission": {"Action*! EventSourceToken* FunctionName*! FunctionUrlAuthType* InvokedViaFunctionUrl* Principal*! PrincipalOrgID* SourceAccount* SourceArn*", "Id", putPermissionResource, removePermissionResource},
	"AWS::Lambda::EventSourceMapping": {"AmazonManagedKafkaEventSourceConfig* BatchSize BisectBatchOnFunctionError DestinationConfig DocumentDBEventSourceConfig Enabled EventSourceArn* FilterCriteria FunctionName! FunctionResponseTypes KmsKeyArn LoggingConfig MaximumBatchingWindowInSeconds MaximumRecordAgeInSeconds MaximumRetryAttempts MetricsConfig ParallelizationFactor ProvisionedPollerConfig Queues ScalingConfig SelfManagedEventSource* SelfManagedKafkaEventSourceConfig* SourceAccessConfigurations StartingPosition* StartingPositionTimestamp* Tags Topics TumblingWindowInSeconds",
		"EventSourceMappingArn Id", anonymous(func(r *resource) string {
			return "00000000-0000-4000-8000-" + r.unique(12)
		}), nil},
	"AWS::SQS::Queue": {"ContentBasedDeduplication DeduplicationScope DelaySeconds FifoQueue* FifoThroughputLimit KmsDataKeyReusePeriodSeconds KmsMasterKeyId MaximumMessageSize MessageRetentionPeriod QueueName* ReceiveMessageWaitTimeSeconds RedriveAllowPolicy RedrivePolicy SqsManagedSseEnabled Tags VisibilityTimeout",
		"Arn QueueName QueueUrl", putQueueResource, forgetName},
	"AWS::SQS::QueuePolicy": {"PolicyDocument! Queues!", "Id", anonymous(func(r *resource) string { return r.stackName + "-" + r.id + "-" + r.unique(12) }), nil},
	"AWS::SNS::Topic": {"ArchivePolicy ContentBasedDeduplication DataProtectionPolicy DeliveryStatusLogging DisplayName FifoThroughputScope FifoTopic* KmsMasterKeyId SignatureVersion Subscription Tags TopicName* TracingConfig",
		"TopicArn TopicName", named("TopicName", func(c *Cloud, s *stack, r *resource) {
			r.attributes["TopicName"], r.physical = r.physical, s.arn(c, "sns", r.physical)
			r.attributes["TopicArn"] = r.physical
		}), forgetName},
	"AWS::Events::Rule": {"Description EventBusName* EventPattern Name* RoleArn ScheduleExpression State Tags Targets",
		"Arn", named("Name", func(c *Cloud, s *stack, r *resource) { r.attributes["Arn"] = s.arn(c, "events", "rule/"+r.physical) }), forgetName},
	"AWS::CloudWatch::Alarm": {"ActionsEnabled AlarmActions AlarmDescription AlarmName* ComparisonOperator DatapointsToAlarm Dimensions EvaluateLowSampleCountPercentile EvaluationCriteria EvaluationInterval EvaluationPeriods ExtendedStatistic InsufficientDataActions MetricName Metrics Namespace OKActions Period Statistic Tags Threshold ThresholdMetricId TreatMissingData Unit",
		"Arn", named("AlarmName", func(c *Cloud, s *stack, r *resource) {
			r.attributes["Arn"] = s.arn(c, "cloudwatch", "alarm:"+r.physical)
		}), forgetName},
	"AWS::Budgets::Budget":                   {"Budget! NotificationsWithSubscribers* ResourceTags", "", anonymous(func(r *resource) string { return r.stackName + "-" + r.id + "-" + r.unique(12) }), nil},
	"AWS::CloudFront::Function":              {"AutoPublish FunctionCode! FunctionConfig! FunctionMetadata Name*! Tags", "FunctionARN FunctionMetadata.FunctionARN Stage", putEdgeResource, removeEdgeResource},
	"AWS::CloudFront::OriginAccessControl":   {"OriginAccessControlConfig!", "Id", configured("OriginAccessControlConfig"), forgetName},
	"AWS::CloudFront::CachePolicy":           {"CachePolicyConfig!", "Id LastModifiedTime", configured("CachePolicyConfig"), forgetName},
	"AWS::CloudFront::ResponseHeadersPolicy": {"ResponseHeadersPolicyConfig!", "Id LastModifiedTime", configured("ResponseHeadersPolicyConfig"), forgetName},
	"AWS::CloudFront::Distribution":          {"DistributionConfig! Tags", "DomainName Id", putDistributionResource, removeDistributionResource},
}

// gives tells whether GetAtt knows an attribute.
func (k kind) gives(attribute string) bool {
	return slices.Contains(strings.Fields(k.attributes), attribute)
}

// property is how a property is marked; ok tells whether there is one.
func (k kind) property(name string) (marks string, ok bool) {
	for _, p := range strings.Fields(k.properties) {
		if bare := strings.TrimRight(p, "*!"); bare == name {
			return p[len(bare):], true
		}
	}
	return "", false
}

// replaces tells whether the change of a property makes a new resource.
func (k kind) replaces(name string) bool {
	marks, _ := k.property(name)
	return strings.Contains(marks, "*")
}

// valid tells what is wrong with properties, in the words of CloudFormation.
func (k kind) valid(id string, properties cfn.Object) string {
	for _, name := range slices.Sorted(maps.Keys(properties)) {
		if _, ok := k.property(name); !ok {
			return fmt.Sprintf("Properties validation failed for resource %s with message:\n[#: extraneous key [%s] is not permitted]", id, name)
		}
	}
	for _, p := range strings.Fields(k.properties) {
		if name := strings.TrimRight(p, "*!"); strings.Contains(p[len(name):], "!") && properties[name] == nil {
			return fmt.Sprintf("Properties validation failed for resource %s with message:\n[#: required key [%s] not found]", id, name)
		}
	}
	return ""
}

// named puts a resource that has a name of its own, in the account and region, or one that
// is made for it.
func named(property string, finish func(*Cloud, *stack, *resource)) func(*Cloud, *stack, *resource) string {
	return func(c *Cloud, s *stack, r *resource) string {
		if r.physical != "" {
			return ""
		}
		name := text(r.properties[property])
		if name == "" {
			name = s.name + "-" + r.id + "-" + r.unique(12)
		}
		if reason := c.takeName(r, s.region+"/"+r.kind+"/"+name, name); reason != "" {
			return reason
		}
		r.physical = name
		finish(c, s, r)
		return ""
	}
}

// takeName has nobody else take a name.
func (c *Cloud) takeName(r *resource, key, name string) string {
	if c.named[key] {
		return fmt.Sprintf(`Resource handler returned message: "Resource of type '%s' with identifier '%s' already exists." (RequestToken: %s, HandlerErrorCode: AlreadyExists)`, r.kind, name, requestToken)
	}
	c.named[key] = true
	r.key = key
	return ""
}

func forgetName(c *Cloud, _ *stack, r *resource) string {
	delete(c.named, r.key)
	return ""
}

// anonymous puts a resource that has an id only.
func anonymous(id func(*resource) string) func(*Cloud, *stack, *resource) string {
	return func(_ *Cloud, _ *stack, r *resource) string {
		if r.physical == "" {
			r.physical = id(r)
			r.attributes["Id"] = r.physical
			r.attributes["EventSourceMappingArn"] = r.physical
		}
		return ""
	}
}

// configured puts what CloudFront knows by an id, and by a name that is there once in an
// account.
func configured(property string) func(*Cloud, *stack, *resource) string {
	return func(c *Cloud, _ *stack, r *resource) string {
		name := text(cfn.At(r.properties, property, "Name"))
		if name == "" {
			return fmt.Sprintf("Properties validation failed for resource %s with message:\n[#/%s: required key [Name] not found]", r.id, property)
		}
		key := r.kind + "/" + name
		if key != r.key {
			before := r.key
			if reason := c.takeName(r, key, name); reason != "" {
				return reason
			}
			delete(c.named, before)
		}
		if r.physical == "" {
			r.physical = "E" + strings.ToUpper(r.unique(13))
			r.attributes["Id"], r.attributes["LastModifiedTime"] = r.physical, stamp(c.now())
		}
		return ""
	}
}

const requestToken = "11111111-2222-4333-8444-555555555555"

// handled is a reason as the handler of a resource has it.
func handled(message, service string, status int, code string) string {
	return fmt.Sprintf(`Resource handler returned message: "%s (Service: %s, Status Code: %d, Request ID: %s)" (RequestToken: %s, HandlerErrorCode: %s)`, message, service, status, requestToken, requestToken, code)
}

// partition is that of a region, as ARNs have it.
func partition(region string) string {
	switch {
	case strings.HasPrefix(region, "cn-"):
		return "aws-cn"
	case strings.HasPrefix(region, "us-gov-"):
		return "aws-us-gov"
	}
	return "aws"
}

func (s *stack) arn(c *Cloud, service, what string) string {
	return "arn:" + partition(s.region) + ":" + service + ":" + s.region + ":" + c.Account + ":" + what
}
