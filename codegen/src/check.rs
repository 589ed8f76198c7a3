//! [`Model`] → [`Valid<Model>`]: the contract's own rules.
//!
//! Each rule is one function named after the violation. All of them run; the phase ends with all that they found.

mod access;
mod binding;
mod constraint;
mod cost;
mod entry;
mod mark;
mod name;
mod operation;
mod pattern;
mod prompt;
mod selection;
mod undo;
mod value;
mod variable;

use crate::{
    diagnostic::{Diagnostic, Diagnostics},
    json_schema,
    model::{Limits, Model, Prompt, Tool, Variable},
    source::Sources,
};

/// Something that has passed its checks. Gives out `&T` only.
#[derive(Debug)]
pub(crate) struct Valid<T>(T);

impl<T> std::ops::Deref for Valid<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.0
    }
}

type ToolRule = fn(&Tool) -> Vec<Diagnostic>;
type CostRule = fn(&Tool, &Limits) -> Vec<Diagnostic>;
type VariableRule = fn(&Variable) -> Vec<Diagnostic>;
type PromptRule = fn(&Prompt) -> Vec<Diagnostic>;

const TOOL_RULES: &[ToolRule] = &[
    operation::wrong_folder,
    operation::subscription,
    operation::misnamed,
    operation::bad_tool_name,
    operation::missing_tool_directive,
    operation::missing_description,
    operation::empty_title,
    operation::impossible_scope,
    operation::unreadable_rate,
    operation::unreadable_timeout,
    operation::result_bytes_out_of_range,
    operation::hint_on_a_read,
    operation::disabled_without_a_reason,
    undo::undo_of_a_read,
    undo::undo_by_itself,
    binding::binding_without_a_name,
    binding::needless_binding_name,
    binding::idempotency_key_of_a_read,
    binding::misfitting_binding,
    binding::said_of_a_bound_variable,
    selection::list_without_a_bound,
    selection::misplaced_list_bound,
    selection::unclear_list_bound,
    selection::list_bound_from_nowhere,
    selection::conflicting_list_bounds,
    selection::list_bound_out_of_range,
    selection::misplaced_inner_bound,
    selection::inner_bound_out_of_range,
    selection::missing_typename,
    selection::aliased_typename,
    selection::introspection,
    selection::reserved_alias,
    selection::deprecated_field,
    mark::mark_on_no_text,
    mark::conflicting_personal_data_rules,
    mark::marked_typename,
    mark::mark_of_some_types,
    mark::omitted_root,
    mark::personal_data_without_a_rule,
    name::impossible_name,
    variable::too_many,
    variable::one_of_literal,
    access::out_of_reach,
];

const COST_RULES: &[CostRule] = &[
    cost::too_many_nodes,
    cost::too_many_list_items,
    cost::too_deep,
    cost::too_many_resolver_calls,
    cost::unlisted_root_resolver,
];

const VARIABLE_RULES: &[VariableRule] = &[
    variable::missing_description,
    variable::long_name,
    constraint::unknown_place,
    constraint::misfitting_rule,
    constraint::pattern_on_a_form,
    constraint::repeated_rule,
    constraint::contradicting_normalizations,
    constraint::empty_range,
    constraint::fractional_bound,
    constraint::negative_bound,
    constraint::pointless_rule,
    pattern::unreadable_pattern,
    pattern::unportable_pattern,
    pattern::empty_hint,
    variable::misfitting_use,
    variable::part_of_a_scalar,
    variable::null_default,
    variable::absent_list_item,
    variable::schema_default_at_non_null,
    variable::null_at_non_null,
    variable::reserved_name,
];

const PROMPT_RULES: &[PromptRule] = &[
    prompt::bad_prompt_name,
    prompt::empty_prompt_text,
    prompt::unreferable_argument,
    prompt::unused_argument,
    prompt::optional_argument_beside_another,
    prompt::nothing_without_optional_arguments,
];

/// Applies all rules.
///
/// # Errors
/// All that they found, if one of them stops the build.
pub(crate) fn check(model: Model, sources: &Sources) -> Result<(Valid<Model>, Diagnostics), Diagnostics> {
    let mut diagnostics = Diagnostics::default();
    for tool in &model.tools {
        diagnostics.extend(TOOL_RULES.iter().flat_map(|rule| rule(tool)));
        diagnostics.extend(json_schema::unportable(tool, &model));
        diagnostics.extend(COST_RULES.iter().flat_map(|rule| rule(tool, &model.limits)));
        diagnostics.extend(entry::over_token_budget(tool, &model));
        for variable in &tool.variables {
            diagnostics.extend(VARIABLE_RULES.iter().flat_map(|rule| rule(variable)));
            diagnostics.extend(value::outside_its_own_bounds(variable, &model));
            diagnostics.extend(constraint::bound_of_one_level(variable, &model));
        }
    }
    diagnostics.extend(operation::duplicate_tool_names(&model, sources));
    diagnostics.extend(operation::no_tools(&model, sources));
    diagnostics.extend(operation::too_many_tools(&model));
    diagnostics.extend(variable::one_of(&model));
    diagnostics.extend(name::impossible_input_name(&model));
    diagnostics.extend(name::twin_names(&model));
    diagnostics.extend(prompt::duplicate_prompt_names(&model));
    diagnostics.extend(undo::unknown_undo(&model));
    diagnostics.extend(undo::undo_by_a_read(&model));
    diagnostics.extend(undo::undo_that_nothing_fills(&model));
    for prompt in &model.prompts {
        diagnostics.extend(PROMPT_RULES.iter().flat_map(|rule| rule(prompt)));
        diagnostics.extend(prompt::unknown_reference(prompt, &model));
        diagnostics.extend(prompt::prompt_named_like_a_tool(prompt, &model));
    }
    diagnostics.barrier(Valid(model))
}
