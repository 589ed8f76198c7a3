//! An API's id → its SDL, and what the control plane says of it besides.

use appsync_mcp_client::{AuthorizationError, ControlPlane, ControlPlaneError, SendError};
use appsync_mcp_codegen::{ResolverKind, canonical, object_types};

use super::{Failure, introspect::told, mask::masked, source::Said};
use crate::voice;

/// What is said of an API, besides its schema.
pub(super) struct Facts {
    /// The answer to `GetGraphqlApi`.
    pub(super) api: String,
    /// The fields that have a resolver, as schema coordinates, and of which kind it is; nothing if the control plane does not
    /// tell. Nobody has looked whether they are fields of the schema.
    pub(super) resolvers: Option<Resolvers>,
}

/// Fields that have a resolver, each with the resolver's kind, if that is known.
pub(super) type Resolvers = Vec<(String, Option<ResolverKind>)>;

/// Reads an API.
pub(super) async fn read(control_plane: &ControlPlane, api_id: &str, about: &str) -> Result<Said, Failure> {
    let failure = |error| failure(&error, about);
    let sdl = control_plane.schema(api_id).await.map_err(failure)?;
    // Nothing more is asked where this is no schema.
    canonical(&sdl).map_err(|error| no_schema(&error.in_file(about).to_string()))?;
    let api = control_plane.api(api_id).await.map_err(failure)?;
    // What depends on them is an estimate of a tool's cost: no reason to have no schema.
    let types = object_types(&sdl).unwrap_or_default();
    let resolvers = match control_plane.resolvers(api_id, &types).await {
        Ok(resolvers) => {
            let kind = |name: &String| ResolverKind::of(name);
            Some(
                resolvers
                    .into_iter()
                    .map(|one| (one.field, one.kind.as_ref().and_then(kind)))
                    .collect(),
            )
        }
        Err(error) => {
            voice::note(format_args!(
                "`ListResolvers` is not to be had ({}), so that `resolvers` of schema/api.json stays as it is",
                of_control_plane(&error)
            ));
            None
        }
    };
    Ok(Said {
        sdl,
        directives: None,
        api: Some(Facts { api, resolvers }),
    })
}

fn no_schema(text: &str) -> Failure {
    Failure::Source(text.to_owned())
}

fn failure(error: &ControlPlaneError, about: &str) -> Failure {
    let text = match error {
        // The chain's parts have a lot to say, which comes behind.
        ControlPlaneError::Send(SendError::Authorization(AuthorizationError::Credentials { reason, .. })) => format!(
            "no AWS credentials to read {about} with: sign in, or set `AWS_PROFILE` to a profile that has some\nnote: {}",
            masked(reason)
        ),
        _ => format!("failed to read {about}: {}", of_control_plane(error)),
    };
    match error {
        ControlPlaneError::ApiId => Failure::Setup(format!("`--api-id`: {error}")),
        ControlPlaneError::Send(SendError::Authorization(error)) if !error.is_for_a_person() => Failure::Setup(text),
        ControlPlaneError::Send(SendError::Status {
            status: 403,
            error_type: Some(error_type),
            ..
        }) if error_type.starts_with("AccessDenied") => Failure::Source(format!(
            "{text}\nhelp: the credentials have to allow `appsync:GetIntrospectionSchema` and `appsync:GetGraphqlApi` on the API"
        )),
        ControlPlaneError::Send(SendError::Status { status: 404, .. }) => Failure::Source(format!(
            "{text}\nhelp: look whether the id, the region and the account of the credentials are the API's; \
             `aws appsync list-graphql-apis` shows those that are there"
        )),
        _ => Failure::Source(text),
    }
}

fn of_control_plane(error: &ControlPlaneError) -> String {
    match error {
        ControlPlaneError::Send(error) => told(error),
        _ => error.to_string(),
    }
}
