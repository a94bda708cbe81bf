//! Names that the text of a file declares, imports and uses.

use std::{collections::BTreeSet, path::Path};

use syn::{
    Attribute, Field, ImplItem, Item, UseTree, Visibility,
    buffer::TokenBuffer,
    visit::{self, Visit},
};

use crate::{
    attribute::{attributes, is_test, path_attribute},
    names::{names_in, paths_in},
    tree::{Files, Import, ModuleId, Purpose, Segments, Static, Tree, TypeName},
};

/// Reads the module in `file` and those below it into `tree`.
pub(crate) fn read(tree: &mut Tree, files: Files<'_>, name: &str, file: &Path) {
    read_file(tree, files, None, name, file);
}

fn read_file(tree: &mut Tree, files: Files<'_>, parent: Option<ModuleId>, name: &str, file: &Path) {
    let text =
        files(file).unwrap_or_else(|| panic!("module `{name}` without a file: {} expected", file.display()));
    let syntax = syn::parse_file(&text).unwrap_or_else(|error| panic!("{}: {error}", file.display()));
    let module = tree.add(parent, name, file);
    let below = match file.file_name().and_then(|name| name.to_str()) {
        Some("lib.rs" | "main.rs" | "mod.rs") => file.parent().unwrap_or(file).to_owned(),
        _ => file.with_extension(""),
    };
    Reader { tree, files, module, file, below: &below, function: None }.visit_file(&syntax);
}

/// A walk through the syntax of one module.
struct Reader<'a> {
    tree: &'a mut Tree,
    files: Files<'a>,
    module: ModuleId,
    file: &'a Path,
    /// Folder of the modules below this one.
    below: &'a Path,
    function: Option<String>,
}

impl Reader<'_> {
    fn declare(&mut self, name: &syn::Ident) {
        self.tree.modules[self.module].items.insert(name.to_string());
    }

    fn declare_type<'ast>(&mut self, name: &syn::Ident, fields: impl Iterator<Item = &'ast Field>) {
        self.declare(name);
        let holds = fields.flat_map(|field| names_in(&field.ty)).collect();
        let function = self.function.clone();
        self.tree.modules[self.module].types.push(TypeName { name: name.to_string(), function, holds });
    }

    fn child(&mut self, module: &syn::ItemMod) {
        let name = module.ident.to_string();
        let named = module.attrs.iter().find_map(path_attribute);
        let Some((_, items)) = &module.content else {
            let beside = self.file.parent().unwrap_or(self.file);
            let flat = self.below.join(format!("{name}.rs"));
            let file = named.map_or_else(
                || if (self.files)(&flat).is_some() { flat } else { self.below.join(&name).join("mod.rs") },
                |path| beside.join(path),
            );
            return read_file(self.tree, self.files, Some(self.module), &name, &file);
        };
        let below = self.below.join(named.unwrap_or(name.clone()));
        let module = self.tree.add(Some(self.module), &name, self.file);
        let mut reader = Reader {
            tree: self.tree,
            files: self.files,
            module,
            file: self.file,
            below: &below,
            function: None,
        };
        for item in items {
            reader.visit_item(item);
        }
    }

    fn import(&mut self, prefix: &Segments, tree: &UseTree, purpose: Purpose) {
        let with = |name: &syn::Ident| prefix.iter().cloned().chain([name.to_string()]).collect::<Segments>();
        match tree {
            UseTree::Path(path) => self.import(&with(&path.ident), &path.tree, purpose),
            UseTree::Name(name) => self.import_as(prefix, &name.ident, &name.ident, purpose),
            UseTree::Rename(rename) => self.import_as(prefix, &rename.ident, &rename.rename, purpose),
            UseTree::Glob(_) => self.tree.modules[self.module].globs.push(prefix.clone()),
            UseTree::Group(group) => group.items.iter().for_each(|tree| self.import(prefix, tree, purpose)),
        }
    }

    /// `use a::b as c`, and `use a::b::{self}`, where the last segment names what stands before it.
    fn import_as(&mut self, prefix: &Segments, ident: &syn::Ident, name: &syn::Ident, purpose: Purpose) {
        let mut target = prefix.clone();
        if ident != "self" || prefix.is_empty() {
            target.push(ident.to_string());
        }
        let name = if name == "self" { target.last().cloned().unwrap_or_default() } else { name.to_string() };
        self.tree.modules[self.module].imports.push(Import { name, target, purpose });
    }
}

impl<'ast> Visit<'ast> for Reader<'_> {
    fn visit_item(&mut self, item: &'ast Item) {
        if !is_test(attributes(item)) {
            visit::visit_item(self, item);
        }
    }

    fn visit_impl_item(&mut self, item: &'ast ImplItem) {
        let attributes: &[Attribute] = match item {
            ImplItem::Const(item) => &item.attrs,
            ImplItem::Fn(item) => &item.attrs,
            ImplItem::Macro(item) => &item.attrs,
            ImplItem::Type(item) => &item.attrs,
            _ => &[],
        };
        if !is_test(attributes) {
            visit::visit_impl_item(self, item);
        }
    }

    fn visit_trait_item_fn(&mut self, item: &'ast syn::TraitItemFn) {
        if !is_test(&item.attrs) {
            visit::visit_trait_item_fn(self, item);
        }
    }

    fn visit_field(&mut self, field: &'ast Field) {
        if !is_test(&field.attrs) {
            visit::visit_field(self, field);
        }
    }

    fn visit_item_mod(&mut self, module: &'ast syn::ItemMod) {
        self.child(module);
    }

    fn visit_item_use(&mut self, item: &'ast syn::ItemUse) {
        let purpose = match item.vis {
            Visibility::Inherited => Purpose::Use,
            _ => Purpose::Reexport,
        };
        self.import(&Segments::new(), &item.tree, purpose);
    }

    fn visit_item_fn(&mut self, item: &'ast syn::ItemFn) {
        self.declare(&item.sig.ident);
        let outer = self.function.replace(item.sig.ident.to_string());
        visit::visit_item_fn(self, item);
        self.function = outer;
    }

    fn visit_impl_item_fn(&mut self, item: &'ast syn::ImplItemFn) {
        let outer = self.function.replace(item.sig.ident.to_string());
        visit::visit_impl_item_fn(self, item);
        self.function = outer;
    }

    fn visit_item_struct(&mut self, item: &'ast syn::ItemStruct) {
        self.declare_type(&item.ident, item.fields.iter());
        visit::visit_item_struct(self, item);
    }

    fn visit_item_enum(&mut self, item: &'ast syn::ItemEnum) {
        self.declare_type(&item.ident, item.variants.iter().flat_map(|variant| variant.fields.iter()));
        visit::visit_item_enum(self, item);
    }

    fn visit_item_union(&mut self, item: &'ast syn::ItemUnion) {
        self.declare_type(&item.ident, item.fields.named.iter());
        visit::visit_item_union(self, item);
    }

    fn visit_item_trait(&mut self, item: &'ast syn::ItemTrait) {
        self.declare_type(&item.ident, std::iter::empty());
        visit::visit_item_trait(self, item);
    }

    fn visit_item_type(&mut self, item: &'ast syn::ItemType) {
        self.declare_type(&item.ident, std::iter::empty());
        if let Some(alias) = self.tree.modules[self.module].types.last_mut() {
            alias.holds = names_in(&item.ty);
        }
        visit::visit_item_type(self, item);
    }

    fn visit_item_const(&mut self, item: &'ast syn::ItemConst) {
        self.declare(&item.ident);
        visit::visit_item_const(self, item);
    }

    fn visit_item_static(&mut self, item: &'ast syn::ItemStatic) {
        self.declare(&item.ident);
        let holds = names_in(&item.ty);
        self.tree.modules[self.module].statics.push(Static { name: item.ident.to_string(), holds });
        visit::visit_item_static(self, item);
    }

    fn visit_item_macro(&mut self, item: &'ast syn::ItemMacro) {
        if let Some(name) = &item.ident {
            self.declare(name);
        }
        visit::visit_item_macro(self, item);
    }

    fn visit_macro(&mut self, call: &'ast syn::Macro) {
        let paths = paths_in(TokenBuffer::new2(call.tokens.clone()).begin());
        if call.path.segments.last().is_some_and(|last| last.ident == "thread_local") {
            let name = paths.iter().flatten().find(|name| name.chars().all(|letter| !letter.is_lowercase()));
            let name = name.cloned().unwrap_or_default();
            let holds = BTreeSet::from(["thread_local".to_owned()]);
            self.tree.modules[self.module].statics.push(Static { name, holds });
        }
        self.tree.modules[self.module].uses.extend(paths);
        visit::visit_macro(self, call);
    }

    fn visit_path(&mut self, path: &'ast syn::Path) {
        let segments = path.segments.iter().map(|segment| segment.ident.to_string()).collect();
        self.tree.modules[self.module].uses.insert(segments);
        visit::visit_path(self, path);
    }
}
