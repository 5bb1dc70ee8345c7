//! The texts as fluent reads them: which messages there are, and what each has to be given.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

use fluent_syntax::ast::{
    CallArguments, Entry, Expression, InlineExpression, Pattern, PatternElement, VariantKey,
};
use kabinet::texts::{Locale, SITE_ARGS};

use super::sources::files;

const PLURALS: [&str; 6] = ["zero", "one", "two", "few", "many", "other"];

/// What a message wants to know.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Message {
    /// The names of its arguments. The brand is always given.
    pub wants: BTreeSet<String>,
    /// By argument that the message chooses by: the words that it knows.
    pub chooses: BTreeMap<String, BTreeSet<String>>,
}

impl Message {
    /// Whether that argument is a number: the message has plural forms for it.
    pub fn counts(&self, argument: &str) -> bool {
        self.chooses
            .get(argument)
            .is_some_and(|words| words.iter().all(|word| PLURALS.contains(&word.as_str())))
    }
}

/// The messages of each language, by its word: parsed once, for the rules ask for them thousands of times.
static MESSAGES: LazyLock<BTreeMap<&str, BTreeMap<String, Message>>> =
    LazyLock::new(|| Locale::ALL.iter().map(|locale| (locale.word(), parse(*locale))).collect());

/// Every message of a language. No key twice.
pub fn messages(locale: Locale) -> &'static BTreeMap<String, Message> {
    &MESSAGES[locale.word()]
}

fn parse(locale: Locale) -> BTreeMap<String, Message> {
    let mut found = BTreeMap::new();
    for file in files(&format!("locales/{}", locale.word()), ".ftl") {
        let resource = fluent_syntax::parser::parse(file.text.as_str());
        let resource = resource.unwrap_or_else(|(_, errors)| panic!("{}: {errors:?}", file.path));
        for entry in resource.body {
            let Entry::Message(entry) = entry else { continue };
            let key = entry.id.name.to_owned();
            let value = entry.value.unwrap_or_else(|| panic!("{}: {key} says nothing", file.path));
            let mut message = Message::default();
            message.read(&value);
            message.wants.retain(|name| !SITE_ARGS.contains(&name.as_str()));
            assert!(found.insert(key.clone(), message).is_none(), "{}: {key} is there twice", file.path);
        }
    }
    assert!(found.len() > 500, "only {} messages were read in {}", found.len(), locale.word());
    found
}

impl Message {
    fn read(&mut self, pattern: &Pattern<&str>) {
        for element in &pattern.elements {
            if let PatternElement::Placeable { expression } = element {
                self.read_expression(expression);
            }
        }
    }

    fn read_expression(&mut self, expression: &Expression<&str>) {
        match expression {
            Expression::Inline(inline) => self.read_inline(inline),
            Expression::Select { selector, variants } => {
                self.read_inline(selector);
                if let InlineExpression::VariableReference { id } = selector {
                    let words = self.chooses.entry(id.name.to_owned()).or_default();
                    words.extend(variants.iter().map(|variant| match &variant.key {
                        VariantKey::Identifier { name } => (*name).to_owned(),
                        VariantKey::NumberLiteral { value } => (*value).to_owned(),
                    }));
                }
                for variant in variants {
                    self.read(&variant.value);
                }
            }
        }
    }

    fn read_inline(&mut self, inline: &InlineExpression<&str>) {
        match inline {
            InlineExpression::VariableReference { id } => {
                self.wants.insert(id.name.to_owned());
            }
            InlineExpression::FunctionReference { arguments, .. } => self.read_arguments(arguments),
            InlineExpression::TermReference { arguments: Some(arguments), .. } => {
                self.read_arguments(arguments)
            }
            InlineExpression::Placeable { expression } => self.read_expression(expression),
            _ => {}
        }
    }

    fn read_arguments(&mut self, arguments: &CallArguments<&str>) {
        for argument in &arguments.positional {
            self.read_inline(argument);
        }
    }
}
