//! The built-in ways to make a value that the tables can name.

use serde::Deserialize;

/// A built-in way to make a value; the words of `does` in the tables.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Action {
    /// The first argument named, unchanged.
    Same,
    /// The first argument as a text.
    Text,
    /// The receiver, unchanged.
    Receiver,
    /// An environment variable: its name, then its default, then what stands before the name.
    Environment,
    /// What holds for a block: a prefix that is put before all names that the receiver is asked for.
    Prefix,
    /// The end of such a block: the object, and what its prefix was before.
    EndPrefix,
    /// The same in whatever case the name is declared; what stands before it is joined by an underscore.
    Setting,
    /// Pairs of name and value of the environment, which is the first argument.
    EnvironmentItems,
    /// The arguments joined by `/`, as paths are.
    JoinPath,
    /// The second argument as the page of the first has it in a link: a path that begins with `/` stands behind the
    /// host, any other in the folder of the page, and an address by itself.
    JoinAddress,
    /// The arguments' texts one after another, or those of the elements where a list is the only argument.
    Concat,
    /// The arguments' texts with dots between them, as a name in a schema is written.
    Dotted,
    /// The receiver as a format with braces, filled with all arguments.
    Format,
    /// The elements of the first argument joined by the receiver.
    JoinText,
    /// The receiver in lower case.
    Lower,
    /// The receiver in upper case.
    Upper,
    /// The receiver without white space, or the given characters, at both ends.
    Strip,
    /// Whether the receiver begins with the first argument, or one of its elements.
    StartsWith,
    /// Whether it ends so.
    EndsWith,
    /// The receiver without the first argument at its start.
    WithoutStart,
    /// The receiver without the first argument at its end.
    WithoutEnd,
    /// The receiver with the first argument replaced by the second.
    Replace,
    /// The receiver cut at the first argument, at most as often as the second says.
    Split,
    /// The same, counted from the end.
    SplitBack,
    /// What is before the first argument in the receiver, it, and what is behind it.
    Partition,
    /// The same where it stands last.
    PartitionBack,
    /// The first argument cut at the second, of which the piece of the third's number is kept, and so on.
    Cut,
    /// The entry of the receiver under the first argument, or else the second argument.
    Get,
    /// Pairs of key and value of the receiver.
    Items,
    /// The keys of the receiver.
    Keys,
    /// The values of the receiver.
    Values,
    /// Puts the first argument into the receiver.
    Append,
    /// Puts the elements of the first argument into the receiver.
    Extend,
    /// Takes the entries of the first argument, and named ones, into the receiver.
    Update,
    /// The entry of the receiver under the first argument, which becomes the second if there is none.
    SetDefault,
    /// An element of the first argument, or of the receiver where none is named.
    Element,
    /// A list of some elements of the first argument, in whatever order.
    Elements,
    /// A copy of the receiver.
    Copy,
    /// A list of the elements of the first argument.
    List,
    /// A map of the named arguments and the entries of the first.
    Map,
    /// A map that gets what the first argument makes wherever an entry is missing; filled as `Map` by the second.
    FillingMap,
    /// A list of pairs of a number and an element of the first argument.
    Enumerate,
    /// The elements of the second argument for which a call of the first may be true.
    Filter,
    /// A list of tuples of the arguments' elements.
    Zip,
    /// The attribute of the first argument that the second names.
    Attribute,
    /// Sets the attribute of the first argument that the second names to the third.
    SetAttribute,
    /// The receiver, whose option that the first argument names is the second from then on.
    SetOption,
    /// Whether the first argument is of the second, a type of the language or one of several.
    IsInstance,
    /// The module that the first argument names.
    Module,
    /// What the first argument names in a module: `orders.handlers.save`.
    ModuleMember,
    /// An app of the routes that a module lists: its name, and a name in it, maybe of a text that names a further module,
    /// and so on. A list is one of routes.
    ListedRoutes,
    /// The same, where a variable of the environment names the module.
    RoutesOfSettings,
    /// The variable of the environment that the first argument names, which is the second argument from then on if it
    /// is not set.
    EnvironmentDefault,
    /// The class of the first argument.
    TypeOf,
    /// A bare instance of the class that is the first argument.
    NewObject,
    /// A record of the receiver's type, which has the fields that the first argument names.
    Record,
    /// What entering the first argument as a resource block gives.
    Enter,
    /// The first argument called with what it gave last, at first the third argument, and each element of the second.
    Reduce,
    /// What makes a value when it is asked to: calls the first argument with the others.
    Provider,
    /// The value that the first argument makes.
    Provide,
    /// The first argument with the further ones given already.
    Partial,
    /// The text of the SSM parameter that the arguments name, joined as a path.
    Ssm,
    /// The value of the secret that the first argument names.
    Secret,
    /// What a call of the first argument gives; of a generator, what it yields.
    Called,
    /// What a call of the first argument with the further ones gives, where that is a function; it itself where it is not.
    Done,
    /// An instance of the class of the scan that the first argument is, or is an instance of.
    Instance,
    /// A list of such instances.
    Instances,
    /// The path of the file whose code is running.
    OwnFile,
    /// The folder of the first argument, a path.
    Folder,
    /// The arguments below the receiver, as paths are joined.
    Below,
    /// The folder of the package that the first argument names with dots.
    Package,
    /// The text of the file that the first argument names or is, or of the second one below the first.
    Packaged,
    /// The text of the file that the first argument names, from the folder of the file whose code is running or from the
    /// nearest one around it that has it.
    Beside,
    /// The data in JSON that the first argument is or holds, under the keys that the further ones are.
    Json,
    /// The same in YAML.
    Yaml,
    /// The same in TOML.
    Toml,
    /// The same in sections of keys.
    Ini,
    /// The receiver; the first argument, or what it makes, where the receiver is not there.
    OrElse,
    /// What the first argument makes of the receiver, or of each element where that is a list.
    Apply,
    /// The same where the first argument makes lists of them, whose elements are then those of one.
    ApplyFlat,
    /// The receiver as what is gone through: of something unknown, a list of some of its elements.
    Sequence,
    /// The same in lists of several elements each.
    Chunks,
    /// The arguments named, as a list.
    Tuple,
    /// All arguments of the call, as a list.
    Given,
    /// An instance of the class that the first argument is, with what the setters of the receiver were given and the
    /// arguments of the call.
    Construct,
    /// What the setters of the receiver were given, as a map.
    Collected,
    /// Calls the operation that the receiver is a request for.
    Send,
    /// The method of the request that the running route serves.
    ServedVerb,
    /// A value that cannot be told.
    Unknown,
}
