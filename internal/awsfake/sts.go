package awsfake

func stsService() service {
	return service{name: queryName("2011-06-15"), refuse: refuseXML, operations: map[string]operation{
		"GetCallerIdentity": query(func(c *Cloud, _ *call, _ struct{}) (any, error) {
			return struct{ Arn, UserId, Account string }{c.User, "AIDAEXAMPLE", c.Account}, nil
		}),
	}}
}
