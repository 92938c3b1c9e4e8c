package main

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/planmodifier"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/stringplanmodifier"
	"github.com/hashicorp/terraform-plugin-framework/types"
)

// thing is one file, `<folder>/<id>.json`. Making it again makes another one, as with a cloud.
type thing struct {
	kind   string
	folder string
}

type model struct {
	ID     types.String `tfsdk:"id"`
	Name   types.String `tfsdk:"name"`
	Place  types.String `tfsdk:"place"`
	Value  types.String `tfsdk:"value"`
	Secret types.String `tfsdk:"secret"`
	Copy   types.String `tfsdk:"copy"`
	SlowMs types.Int64  `tfsdk:"slow_ms"`
	FailOn types.String `tfsdk:"fail_on"`
	Warns  types.String `tfsdk:"warns"`
}

// file is what a test reads, and edits for drift.
type file struct {
	Kind  string `json:"kind"`
	Name  string `json:"name"`
	Value string `json:"value"`
}

func (r *thing) Metadata(_ context.Context, asked resource.MetadataRequest, answer *resource.MetadataResponse) {
	answer.TypeName = asked.ProviderTypeName + "_" + r.kind
}

func (r *thing) Schema(_ context.Context, _ resource.SchemaRequest, answer *resource.SchemaResponse) {
	kept := []planmodifier.String{stringplanmodifier.UseStateForUnknown()}
	moved := []planmodifier.String{stringplanmodifier.RequiresReplace()}
	answer.Schema = schema.Schema{Attributes: map[string]schema.Attribute{
		"id":      schema.StringAttribute{Computed: true, PlanModifiers: kept},
		"name":    schema.StringAttribute{Required: true},
		"place":   schema.StringAttribute{Optional: true, PlanModifiers: moved, Description: "Another one replaces the thing."},
		"value":   schema.StringAttribute{Optional: true},
		"secret":  schema.StringAttribute{Optional: true, Sensitive: true},
		"copy":    schema.StringAttribute{Computed: true, Description: "The secret in clear, as careless providers have it."},
		"slow_ms": schema.Int64Attribute{Optional: true, Description: "Time between making the file and saying so."},
		"fail_on": schema.StringAttribute{Optional: true, Description: "plan, create, update, delete or read."},
		"warns":   schema.StringAttribute{Optional: true, Description: "A text that each plan warns with."},
	}}
}

func (r *thing) Configure(_ context.Context, asked resource.ConfigureRequest, _ *resource.ConfigureResponse) {
	if folder, ok := asked.ProviderData.(string); ok {
		r.folder = folder
	}
}

func (r *thing) ModifyPlan(ctx context.Context, asked resource.ModifyPlanRequest, answer *resource.ModifyPlanResponse) {
	if asked.Plan.Raw.IsNull() {
		return
	}
	var planned model
	answer.Diagnostics.Append(asked.Plan.Get(ctx, &planned)...)
	if text := planned.Warns.ValueString(); text != "" {
		answer.Diagnostics.AddWarning("The probe warns", text)
	}
	if !planned.Secret.IsUnknown() {
		answer.Plan.SetAttribute(ctx, path.Root("copy"), "copy of "+planned.Secret.ValueString())
	}
	planned.fails("plan", &answer.Diagnostics)
}

func (r *thing) Create(ctx context.Context, asked resource.CreateRequest, answer *resource.CreateResponse) {
	var planned model
	answer.Diagnostics.Append(asked.Plan.Get(ctx, &planned)...)
	planned.ID = types.StringValue(planned.Name.ValueString() + "-" + rand.Text()[:8])
	planned.Copy = types.StringValue("copy of " + planned.Secret.ValueString())
	if !planned.fails("create", &answer.Diagnostics) && r.write(planned, &answer.Diagnostics) {
		answer.Diagnostics.Append(answer.State.Set(ctx, planned)...)
	}
}

func (r *thing) Update(ctx context.Context, asked resource.UpdateRequest, answer *resource.UpdateResponse) {
	var planned model
	answer.Diagnostics.Append(asked.Plan.Get(ctx, &planned)...)
	planned.Copy = types.StringValue("copy of " + planned.Secret.ValueString())
	if !planned.fails("update", &answer.Diagnostics) && r.write(planned, &answer.Diagnostics) {
		answer.Diagnostics.Append(answer.State.Set(ctx, planned)...)
	}
}

func (r *thing) Read(ctx context.Context, asked resource.ReadRequest, answer *resource.ReadResponse) {
	var known model
	answer.Diagnostics.Append(asked.State.Get(ctx, &known)...)
	if known.fails("read", &answer.Diagnostics) {
		return
	}
	bytes, err := os.ReadFile(r.path(known))
	var found file
	if errors.Is(err, fs.ErrNotExist) {
		answer.State.RemoveResource(ctx)
	} else if err = errors.Join(err, json.Unmarshal(bytes, &found)); err != nil {
		answer.Diagnostics.AddError("The thing cannot be read", err.Error())
	} else {
		known.Name = types.StringValue(found.Name)
		if found.Value != "" || !known.Value.IsNull() {
			known.Value = types.StringValue(found.Value)
		}
		answer.Diagnostics.Append(answer.State.Set(ctx, known)...)
	}
}

func (r *thing) Delete(ctx context.Context, asked resource.DeleteRequest, answer *resource.DeleteResponse) {
	var known model
	answer.Diagnostics.Append(asked.State.Get(ctx, &known)...)
	if known.fails("delete", &answer.Diagnostics) {
		return
	}
	if err := os.Remove(r.path(known)); err != nil && !errors.Is(err, fs.ErrNotExist) {
		answer.Diagnostics.AddError("The thing cannot be deleted", err.Error())
	}
}

func (r *thing) path(m model) string { return filepath.Join(r.folder, m.ID.ValueString()+".json") }

// write makes the file first and is slow after it: whoever ends the program then leaves a thing that no state has.
func (r *thing) write(m model, found *diag.Diagnostics) bool {
	bytes, err := json.Marshal(file{Kind: r.kind, Name: m.Name.ValueString(), Value: m.Value.ValueString()})
	if err == nil {
		err = os.WriteFile(r.path(m), bytes, 0o600)
	}
	if err != nil {
		found.AddError("The thing cannot be written", err.Error())
		return false
	}
	time.Sleep(time.Duration(m.SlowMs.ValueInt64()) * time.Millisecond)
	return true
}

// fails says the secret in its error, as careless providers do.
func (m model) fails(at string, found *diag.Diagnostics) bool {
	if m.FailOn.ValueString() != at {
		return false
	}
	found.AddError("The probe fails", fmt.Sprintf("%s of %s with the secret %q", at, m.Name.ValueString(), m.Secret.ValueString()))
	return true
}
