/** A duration for people: `0.3 s`, `34 s`, `2 min 5 s`. @param ms milliseconds */
export function elapsed(ms: number): string {
  const seconds = ms / 1000;
  if (seconds < 10) {
    return `${seconds.toFixed(1)} s`;
  }
  const whole = Math.round(seconds);
  const [minutes, rest] = [Math.floor(whole / 60), whole % 60];
  return minutes === 0 ? `${whole} s` : `${minutes} min${rest === 0 ? '' : ` ${rest} s`}`;
}
