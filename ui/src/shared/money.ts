const pesos = new Intl.NumberFormat("es-MX", { style: "currency", currency: "MXN" });

/** An amount in hundredths as people read it: `$414.50`. */
export function money(hundredths: number): string {
  return pesos.format(hundredths / 100);
}
