package awssdk

import (
	"context"
	"io"

	"github.com/aws/smithy-go/middleware"
	smithyhttp "github.com/aws/smithy-go/transport/http"
)

// plainBodies has requests' bodies be readers only. The SDK closes a body as soon as
// the answer begins, and a body that is an io.WriterTo, too, then ends in an error (smithy-go
// 1.28.8), for which net/http drops the connection in the midst of the answer, if it was still
// about to look for more of the body. AWS is mostly too far away for that; a server on this
// machine is not.
func plainBodies(stack *middleware.Stack) error {
	return stack.Build.Add(middleware.BuildMiddlewareFunc("PlainBody", func(ctx context.Context, in middleware.BuildInput, next middleware.BuildHandler) (middleware.BuildOutput, middleware.Metadata, error) {
		if request, ok := in.Request.(*smithyhttp.Request); ok {
			if body, ok := request.GetStream().(interface {
				io.ReadSeeker
				io.WriterTo
			}); ok {
				plain, err := request.SetStream(struct{ io.ReadSeeker }{body})
				if err != nil {
					return middleware.BuildOutput{}, middleware.Metadata{}, err
				}
				in.Request = plain
			}
		}
		return next.HandleBuild(ctx, in)
	}), middleware.Before)
}
