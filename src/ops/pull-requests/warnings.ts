/** Takes warnings, which may come again in every round, and keeps each once. */
export function onceInto(warnings: string[]): (message: string) => void {
  return (message) => {
    if (!warnings.includes(message)) {
      warnings.push(message);
    }
  };
}
