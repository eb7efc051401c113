// Greets whoever is named in the first argument.
const person = process.argv[2] ?? 'world';
console.log(`hello, ${person}`);
