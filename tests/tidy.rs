//! Holds the sources, the texts and the templates to the rules of the house.

pub mod access;
mod circles;
mod documents;
mod floors;
mod honest;
mod ledger;
mod lengths;
mod limits;
mod markup;
mod masks;
mod schema;
mod sources;
mod texts;
mod words;
