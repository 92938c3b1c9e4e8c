// A provider for tests: its things are files of a folder, so that a test drifts them, counts them and looks at them. A thing
// is slow, fails, warns and copies its secret into an attribute that is not sensitive when its configuration says so.
package main

import (
	"context"
	"log"

	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/provider"
	"github.com/hashicorp/terraform-plugin-framework/provider/schema"
	"github.com/hashicorp/terraform-plugin-framework/providerserver"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/types"
)

// address is what configurations name as `source`. The host never answers: `.ci/with-infra` has a mirror of it.
const address = "example.invalid/ostack/probe"

type probe struct{}

type settings struct {
	Folder types.String `tfsdk:"folder"`
}

func (probe) Metadata(_ context.Context, _ provider.MetadataRequest, answer *provider.MetadataResponse) {
	answer.TypeName = "probe"
}

func (probe) Schema(_ context.Context, _ provider.SchemaRequest, answer *provider.SchemaResponse) {
	answer.Schema = schema.Schema{Attributes: map[string]schema.Attribute{
		"folder": schema.StringAttribute{Required: true, Description: "Where the things are, a JSON file for each."},
	}}
}

func (probe) Configure(ctx context.Context, asked provider.ConfigureRequest, answer *provider.ConfigureResponse) {
	var given settings
	answer.Diagnostics.Append(asked.Config.Get(ctx, &given)...)
	answer.ResourceData = given.Folder.ValueString()
}

func (probe) Resources(context.Context) []func() resource.Resource {
	return []func() resource.Resource{
		func() resource.Resource { return &thing{kind: "thing"} },
		func() resource.Resource { return &thing{kind: "database"} },
	}
}

func (probe) DataSources(context.Context) []func() datasource.DataSource { return nil }

func main() {
	serve := func() provider.Provider { return probe{} }
	if err := providerserver.Serve(context.Background(), serve, providerserver.ServeOpts{Address: address}); err != nil {
		log.Fatal(err)
	}
}
