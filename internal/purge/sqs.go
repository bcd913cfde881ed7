package purge

import (
	"context"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sqs"
)

// SQS is a standard queue.
type SQS struct {
	Client *sqs.Client
	URL    string // of the queue
}

var _ Queue = SQS{}

// SendLater is Queue.SendLater. A delay is rounded up to whole seconds.
func (q SQS) SendLater(ctx context.Context, body []byte, delay time.Duration) error {
	seconds := int32((delay + time.Second - 1) / time.Second)
	_, err := q.Client.SendMessage(ctx, &sqs.SendMessageInput{
		QueueUrl:     aws.String(q.URL),
		MessageBody:  aws.String(string(body)),
		DelaySeconds: seconds,
	})
	return err
}
