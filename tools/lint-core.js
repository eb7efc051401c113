// Rules for src/core that oxlint cannot express with its own.

const asyncFunction = (context) => (node) => {
  if (node.async)
    context.report({ node, message: 'The ground floor is synchronous; flows are asynchronous.' });
};

const noAsync = {
  create: (context) => ({
    FunctionDeclaration: asyncFunction(context),
    FunctionExpression: asyncFunction(context),
    ArrowFunctionExpression: asyncFunction(context),
    AwaitExpression: (node) => context.report({ node, message: 'The ground floor does not wait.' }),
    ForOfStatement: (node) => {
      if (node.await) context.report({ node, message: 'The ground floor does not wait.' });
    },
  }),
};

const isDate = (node) => node.type === 'Identifier' && node.name === 'Date';
const askTheCaller = 'The time is an argument: core does not read the clock.';

const noAmbientDate = {
  create: (context) => ({
    NewExpression: (node) => {
      if (isDate(node.callee) && node.arguments.length === 0) context.report({ node, message: askTheCaller });
    },
    // Date() without `new` ignores its arguments and tells the current time.
    CallExpression: (node) => {
      if (isDate(node.callee)) context.report({ node, message: askTheCaller });
    },
  }),
};

export default {
  meta: { name: 'core' },
  rules: { 'no-async': noAsync, 'no-ambient-date': noAmbientDate },
};
