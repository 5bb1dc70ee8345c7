//! What is wrong with a field of a form.

use std::borrow::Cow;

use validator::{ValidationError, ValidationErrors};

use crate::texts::{Args, FluentValue};

/// Something in a form that its sender can mend: a text key and its arguments.
#[derive(Debug, Clone)]
pub struct Problem {
    pub field: &'static str,
    pub key: Cow<'static, str>,
    pub args: Args,
}

impl Problem {
    pub fn new(field: &'static str, key: &'static str) -> Problem {
        Problem { field, key: key.into(), args: Args::new() }
    }

    /// A rule of a form that was broken: its message is a text key (its code, where a function of ours says what is wrong). Its bounds
    /// become arguments, what was typed does not.
    fn of(field: &'static str, rule: &ValidationError) -> Problem {
        let key = rule.message.as_ref().unwrap_or(&rule.code).clone();
        let bound = |name: &'static str| Some((name.into(), rule.params.get(name)?.as_i64()?.into()));
        Problem { field, key, args: ["min", "max"].into_iter().filter_map(bound).collect() }
    }

    #[must_use]
    pub fn arg(mut self, name: &'static str, value: impl Into<FluentValue<'static>>) -> Problem {
        self.args.insert(name.into(), value.into());
        self
    }
}

/// What the rules of a form say, in the order of these fields.
pub fn problems(checked: Result<(), ValidationErrors>, fields: &[&'static str]) -> Vec<Problem> {
    let errors = checked.err().unwrap_or_default();
    let mut broken = errors.field_errors();
    let of_field = |field: &&'static str| {
        broken.remove(*field).into_iter().flatten().map(|rule| Problem::of(field, rule)).collect::<Vec<_>>()
    };
    fields.iter().flat_map(of_field).collect()
}

#[cfg(test)]
mod tests {
    use validator::Validate;

    use super::problems;

    #[derive(Validate)]
    struct Typed {
        #[validate(length(max = 3, message = "name-long"))]
        name: String,
        #[validate(length(min = 1, message = "email-empty"))]
        email: String,
    }

    #[test]
    fn rules_become_problems_in_the_order_of_the_form_and_name_bounds_alone() {
        let typed = Typed { name: "Anna".to_owned(), email: String::new() };
        let found = problems(typed.validate(), &["email", "name"]);
        let told: Vec<(&str, &str)> = found.iter().map(|problem| (problem.field, &*problem.key)).collect();
        assert_eq!(told, [("email", "email-empty"), ("name", "name-long")]);
        assert_eq!(found[1].args.keys().collect::<Vec<_>>(), ["max"]);
        assert!(!format!("{found:?}").contains("Anna"));
        let fine = Typed { name: "Ann".to_owned(), email: "a".to_owned() };
        assert!(problems(fine.validate(), &["email", "name"]).is_empty());
    }
}
